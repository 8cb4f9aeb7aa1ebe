/* SPDX-License-Identifier: ISC */
/* How the first process of a container ended. */
#include <errno.h>
#include <poll.h>
#include <sys/wait.h>

#include "lib/die.h"
#include "run/container/exit.h"

#define END_MS 10000 /* a process that was killed may be at the disk still */

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static int
await(int pidfd, siginfo_t *info, int how)
{
	int r;

	*info = (siginfo_t){0};
	do
		r = waitid(P_PIDFD, pidfd, info, WEXITED | how);
	while (r < 0 && errno == EINTR);
	return r;
}

int
exit_wait(int pidfd)
{
	siginfo_t info;

	if (await(pidfd, &info, __WALL) < 0)
		diesys("waitid: waiting for the container");
	return info.si_code == CLD_EXITED ? info.si_status
					  : 128 + info.si_status;
}

void
exit_reap(int pidfd)
{
	struct pollfd p = {.fd = pidfd, .events = POLLIN};
	siginfo_t info;

	if (await(pidfd, &info, __WALL) < 0 && errno == ECHILD)
		poll(&p, 1, END_MS);
}

int
exit_signal(int pidfd)
{
	siginfo_t info;

	if (await(pidfd, &info, WNOWAIT | __WALL) < 0)
		return 0;
	return info.si_code == CLD_EXITED ? 0 : info.si_status;
}

/* See clone_process: the exec has given it another exit signal (execve(2)). */
bool
exit_has_executed(int pidfd)
{
	siginfo_t info;

	return await(pidfd, &info, WNOWAIT | __WCLONE) < 0;
}
