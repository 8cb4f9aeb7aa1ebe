/* SPDX-License-Identifier: ISC */
/*
 * oci-events: what a container uses, and when it runs out of memory.
 *
 * Reads the state directory, oci-state(5), and the files of the container's
 * cgroups, and changes neither.  A line is an event, a JSON object in the form
 * of runc's events, which engines and scripts know.  The end of the
 * container's first process, held by a pidfd, is the end of this program.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "lib/procstat.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "ps/cgroups.h"
#include "ps/interval.h"
#include "ps/need.h"
#include "ps/oom.h"
#include "ps/stats/stats.h"

#define NS_PER_S INT64_C(1000000000)

struct options {
	const char *root;
	int64_t interval; /* nanoseconds */
	bool stats;
};

static const struct option_line lines[] = {
    {"interval", 0, "TIME",
	"from one line of figures to the next: seconds, or 500ms, 1m30s (5s)",
	OPTION_CALL(interval, interval_parse)},
    {"stats", 0, NULL, "print the figures of now, and end", OPTION_FLAG(stats)},
    {"root", 0, "DIR", "where states are kept (/run/oci)", OPTION_STRING(root)},
    {0},
};

static const struct program program = {
    .name = "oci-events",
    .operands = "ID",
    .about = "Print what a container uses, now and every five seconds, and "
	     "when it runs out of memory, as a JSON object a line, until it "
	     "ends.",
    .options = lines,
    .libraries = {json_library},
    .min = 1,
    .max = 1,
    .notes = "Exit status: 0, or 1 when there is no such container, or it "
	     "isn't running, 2 for wrong usage.",
};

/* The container as long as this program has to do with it. */
struct watched {
	struct state state;
	struct cgroups cgroups;
	int pidfd;
};

static void
watched_open(struct watched *w, const struct options *o, const char *id)
{
	state_id_check(id);
	state_need(state_root(o->root, STATE_LOOK), id, &w->state);
	w->pidfd = procstat_open(w->state.pid, w->state.start);
	if (w->pidfd < 0)
		die("%s: container not running", id);
	cgroups_open(&w->state.cgroups, &w->cgroups);
}

static bool
has_ended(const struct watched *w)
{
	struct pollfd p = {.fd = w->pidfd, .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

/* Whoever reads is told at once.  The data becomes part of the event. */
static void
event_print(const struct watched *w, const char *type, cJSON *data)
{
	cJSON *event = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(event, "type", type);
	cJSON_AddStringToObject(event, "id", w->state.id);
	if (data)
		cJSON_AddItemToObject(event, "data", data);
	text = json_text(event);
	if (puts(text) < 0 || fflush(stdout) != 0)
		diesys("standard output");
	free(text);
	cJSON_Delete(event);
}

/* False: it ended meanwhile, and the figures may be of something half gone. */
static bool
stats_print(const struct watched *w)
{
	cJSON *data = stats_read(&w->cgroups, w->state.pid);

	if (has_ended(w)) {
		cJSON_Delete(data);
		return false;
	}
	event_print(w, "stats", data);
	return true;
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* Until then, or the end, or want of memory, or nobody reads any more. */
static void
wait_until(int64_t then, const struct watched *w, const struct oom *oom)
{
	struct pollfd polls[] = {
	    {.fd = w->pidfd, .events = POLLIN},
	    {.fd = oom->fd, .events = oom->events},
	    {.fd = STDOUT_FILENO},
	};
	int64_t left = then - now();
	struct timespec t;

	if (left < 0)
		left = 0;
	t = (struct timespec){left / NS_PER_S, left % NS_PER_S};
	if (ppoll(polls, 3, &t, NULL) < 0 && errno != EINTR)
		diesys("poll");
	if (polls[2].revents & POLLERR)
		die("standard output: nobody reads it any more");
}

static void
follow(const struct watched *w, int64_t interval)
{
	int64_t next = now();
	struct oom oom;
	bool ended;

	oom_watch(&oom, &w->cgroups);
	do {
		if (now() >= next) {
			stats_print(w);
			/* No backlog: one that was missed is left out. */
			next += interval * ((now() - next) / interval + 1);
		}
		wait_until(next, w, &oom);
		ended = has_ended(w);
		if (oom_happened(&oom, ended))
			event_print(w, "oom", NULL);
	} while (!ended);
}

int
main(int argc, char **argv)
{
	struct options o = {.interval = 5 * NS_PER_S};
	struct operands operands;
	struct watched w;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	watched_open(&w, &o, operands.all[0]);
	if (!o.stats)
		follow(&w, o.interval);
	else if (!stats_print(&w))
		die("%s: container not running", w.state.id);
	stdout_close();
	return 0;
}
