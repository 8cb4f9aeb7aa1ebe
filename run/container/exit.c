/* SPDX-License-Identifier: ISC */
/* How the first process of a container ended. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "lib/die.h"
#include "run/container/exit.h"

#define REAP_MS 5
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

/* linux/pidfd.h, which older systems haven't got. */
struct told {
	uint64_t mask, cgroup;
	uint32_t ids[11];
	int32_t how; /* as of waitpid(2) */
};

#define TELL_EXIT (UINT64_C(1) << 3)      /* PIDFD_INFO_EXIT */
#define TELL _IOWR(0xff, 11, struct told) /* PIDFD_GET_INFO */

/*
 * How a process ended that another one has reaped: false as long as it hasn't,
 * and with errno ENOTTY where the kernel doesn't tell.
 */
static bool
told(int pidfd, int *how)
{
	struct told t = {.mask = TELL_EXIT};

	errno = 0;
	if (ioctl(pidfd, TELL, &t) < 0 || !(t.mask & TELL_EXIT))
		return false;
	*how = t.how;
	return true;
}

int
exit_watch(int pidfd)
{
	struct pollfd p = {.fd = pidfd, .events = POLLIN};
	int how;

	while (poll(&p, 1, -1) < 0)
		if (errno != EINTR)
			diesys("poll");
	/* It is told when its parent, who may be busy, has reaped it. */
	for (int ms = 0; ms < END_MS; ms += REAP_MS) {
		if (told(pidfd, &how))
			return WIFEXITED(how) ? WEXITSTATUS(how)
					      : 128 + WTERMSIG(how);
		if (errno)
			return -1;
		poll(NULL, 0, REAP_MS);
	}
	return -1;
}

void
exit_reap(int pidfd)
{
	struct pollfd p = {.fd = pidfd, .events = POLLIN};
	siginfo_t info;

	if (await(pidfd, &info, __WALL) < 0 && errno == ECHILD)
		poll(&p, 1, END_MS);
}

bool
exit_reap_killed(int pidfd, int signals)
{
	struct pollfd p[] = {
	    {.fd = pidfd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	siginfo_t info;

	poll(p, 2, END_MS);
	await(pidfd, &info, WNOHANG | __WALL);
	return poll(p, 1, 0) > 0;
}

int
exit_signal(int pidfd)
{
	siginfo_t info;

	if (await(pidfd, &info, WNOWAIT | __WALL) < 0)
		return 0;
	return info.si_code == CLD_EXITED ? 0 : info.si_status;
}

int
exit_signal_told(int pidfd)
{
	int how;

	return told(pidfd, &how) && WIFSIGNALED(how) ? WTERMSIG(how) : 0;
}

/* See clone_process: the exec has given it another exit signal (execve(2)). */
bool
exit_has_executed(int pidfd)
{
	siginfo_t info;

	return await(pidfd, &info, WNOWAIT | __WCLONE) < 0;
}
