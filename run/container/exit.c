/* SPDX-License-Identifier: ISC */
/* How the first process of a container ended. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
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

/* <linux/pidfd.h>, as of Linux 6.15. */
struct told {
	uint64_t mask, cgroup;
	uint32_t ids[11];
	int32_t status; /* as of wait(2) */
};

#define TOLD_STATUS (UINT64_C(1) << 3)
#define TELL _IOWR(0xFF, 11, struct told)

int
exit_signal_told(int pidfd)
{
	struct told t = {.mask = TOLD_STATUS};

	if (ioctl(pidfd, TELL, &t) < 0 || !(t.mask & TOLD_STATUS))
		return 0;
	return WIFSIGNALED(t.status) ? WTERMSIG(t.status) : 0;
}

/* See clone_process: the exec has given it another exit signal (execve(2)). */
bool
exit_has_executed(int pidfd)
{
	siginfo_t info;

	return await(pidfd, &info, WNOWAIT | __WCLONE) < 0;
}
