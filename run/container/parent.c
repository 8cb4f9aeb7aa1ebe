/* SPDX-License-Identifier: ISC */
/* What the container's first process has to do with its parent. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/parent.h"
#include "run/container/progress.h"

static int parent = -1;
static struct progress *progress; /* NULL: the parent doesn't share it */
static bool silent;               /* nothing is sent any more */

static void
tell_death(int status)
{
	if (progress)
		progress->status = status;
	else
		sync_send(parent, SYNC_DIED, 0, -1);
}

static void
tell_line(enum die_level level, const char *line, size_t n)
{
	if (n > 0 && (silent || sync_say(parent, level, line, n) < 0) &&
	    progress)
		progress_say(progress, level, line, n);
}

/*
 * Of a parent that died before it was asked for no signal comes.  getppid(2)
 * doesn't tell in a pid namespace, but nobody else has the channel's other
 * end.
 */
void
parent_watch(int sync, struct progress *shared)
{
	struct pollfd p = {.fd = sync, .events = POLLIN};

	parent = sync;
	progress = shared;
	die_in_child(tell_death);
	die_sink(tell_line);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		diesys("PR_SET_PDEATHSIG");
	if (poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR))
		_exit(die_status);
}

enum sync_message
parent_hears(void)
{
	enum sync_message m = sync_await(parent);

	if (m == SYNC_END)
		die("nothing comes from the parent: it has ended, or the "
		    "seccomp filter forbids read");
	return m;
}

void
parent_says(enum sync_message m)
{
	if (parent_hears() != m)
		_exit(die_status);
}

void
parent_tell(enum sync_message m, int value, int fd)
{
	if (sync_send(parent, m, value, fd) < 0)
		diesys("the parent can't be told");
}

int
parent_opens(int which)
{
	int error, fd;

	parent_tell(SYNC_PLACE, which, -1);
	if (sync_receive(parent, &error, &fd) != SYNC_PLACE)
		_exit(die_status);
	errno = error;
	return fd;
}

void
parent_leave(void)
{
	if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		diesys("PR_SET_PDEATHSIG");
}

int
parent_channel(void)
{
	return parent;
}

void
parent_silence(void)
{
	silent = true;
}

void
parent_died(int status)
{
	tell_death(status);
	_exit(status);
}

void
parent_change(int sync)
{
	close(parent);
	parent = sync;
	progress = NULL;
	silent = false;
	/* It is oci-start's user whom the messages are for. */
	program_invocation_short_name = (char *)"oci-start";
}
