/* SPDX-License-Identifier: ISC */
/* What the container's first process has to do with its parent. */
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/parent.h"

static int parent = -1;

static void
tell_death(int status)
{
	sync_send(parent, SYNC_DIED, status, -1);
}

static void
tell_line(enum die_level level, const char *line, size_t n)
{
	if (n > 0 && sync_say(parent, level, line, n) < 0 &&
	    write(2, line, n) < 0)
		return; /* nobody is left to be told */
}

/*
 * Of a parent that died before it was asked for no signal comes.  getppid(2)
 * doesn't tell in a pid namespace, but nobody else has the channel's other
 * end.
 */
void
parent_watch(int sync)
{
	struct pollfd p = {.fd = sync, .events = POLLIN};

	parent = sync;
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
	enum sync_message m = sync_receive(parent, NULL, NULL);

	if (m == SYNC_END)
		_exit(die_status); /* it died and has said why */
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
		_exit(die_status);
}

void
parent_leave(void)
{
	if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		diesys("PR_SET_PDEATHSIG");
}

void
parent_change(int sync)
{
	close(parent);
	parent = sync;
}
