/* SPDX-License-Identifier: ISC */
/* A container as this program holds it. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "lib/procstat.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "run/cgroup/cgroup.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/spec/spec.h"

static struct {
	struct container c;
	struct state state;
	int root, dir;
	bool held; /* to be removed at exit */
} the;

static char *
absolute(const char *path)
{
	char real[PATH_MAX];

	if (!realpath(path, real))
		diesys("%s", path);
	return xstrdup(real);
}

/*
 * Whether what is there may make room; locked: nobody else is at it, so that
 * one that is "creating" has lost its creator.
 */
static bool
is_over(int root, const char *id, struct state *old, bool locked)
{
	const char *why, *status;

	*old = (struct state){0};
	if (state_read(root, id, old, &why) < 0)
		return state_is_torn(root, id);
	status = state_status(old);
	if (strcmp(status, "stopped") == 0 ||
	    (locked && strcmp(status, "creating") == 0))
		return true;
	state_free(old);
	return false; /* state_claim knows what to say */
}

/*
 * What a killed run left, or one with -d that has ended, makes room; its
 * cgroup may still hold what it had started.
 */
static void
stopped_remove(int root, const char *id)
{
	struct state old;
	int dir;

	if (!is_over(root, id, &old, false))
		return;
	state_free(&old);
	dir = state_lock(root, id);
	if (dir < 0)
		return;
	/* Another one may have been quicker while this one waited. */
	if (!is_over(root, id, &old, true)) {
		state_unlock(dir);
		return;
	}
	if (state_is_of_this_boot(&old))
		cgroup_destroy(&old.cgroups);
	state_remove(root, id, dir);
	state_free(&old);
}

static cJSON *
annotations(char **pairs)
{
	cJSON *json = cJSON_CreateObject();

	for (; pairs && *pairs; pairs += 2)
		cJSON_AddStringToObject(json, pairs[0], pairs[1]);
	return json;
}

struct container *
container_claim(
    int root, const char *id, const char *bundle, const struct spec *spec)
{
	the.root = root;
	stopped_remove(the.root, id);
	the.c = (struct container){.id = id, .pidfd = -1};
	the.state = (struct state){
	    .version = xstrdup(spec->version),
	    .id = xstrdup(id),
	    .status = xstrdup("creating"),
	    .bundle = absolute(bundle),
	    .rootfs = xstrdup(spec->root),
	    .created = state_time(),
	    .boot = xstrdup(state_boot()),
	    .annotations = annotations(spec->annotations),
	};
	the.dir = state_claim(the.root, &the.state);
	the.held = true;
	atexit(container_remove);
	return &the.c;
}

void
container_cgroup(struct container *c, const struct spec *spec)
{
	c->cgroup = cgroup_create(spec, c->id, geteuid() != 0);
	the.state.cgroups = *cgroup_list(c->cgroup);
	/* If this program is killed now, the next run knows what to remove. */
	state_write(the.dir, &the.state);
}

void
container_running(struct container *c)
{
	cgroup_check(c->cgroup);
	free(the.state.status);
	the.state.status = xstrdup("running");
	the.state.pid = c->pid;
	the.state.start = procstat_start(c->pid);
	state_write(the.dir, &the.state);
	flock(the.dir, LOCK_UN);
}

void
container_release(void)
{
	the.held = false;
	state_unlock(the.dir);
}

/*
 * While it was unlocked, another run may have found it stopped and put its
 * own container in its place: then there is nothing of this one any more.
 */
static bool
is_still_there(void)
{
	struct stat st;

	return flock(the.dir, LOCK_EX) == 0 && fstat(the.dir, &st) == 0 &&
	       st.st_nlink > 0;
}

void
container_remove(void)
{
	if (!the.held)
		return;
	the.held = false;
	if (the.c.pidfd >= 0 &&
	    syscall(SYS_pidfd_send_signal, the.c.pidfd, SIGKILL, NULL, 0) == 0)
		exit_reap(the.c.pidfd);
	if (!is_still_there())
		return;
	cgroup_destroy(&the.state.cgroups);
	state_remove(the.root, the.c.id, the.dir);
}
