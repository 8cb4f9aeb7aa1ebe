/* SPDX-License-Identifier: ISC */
/* New processes in new namespaces. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/procstat.h"
#include "run/container/clone.h"
#include "run/container/exit.h"

bool
clone3_is_there(void)
{
	return syscall(SYS_clone3, NULL, 0) < 0 && errno != ENOSYS;
}

/* The order of the last arguments differs, and all of them are 0. */
static pid_t
clone_old(unsigned long flags, int *pidfd)
{
#ifdef __s390__
	return syscall(SYS_clone, NULL, flags, pidfd, NULL, 0);
#else
	return syscall(SYS_clone, flags, NULL, pidfd, NULL, 0);
#endif
}

pid_t
clone_process(uint64_t namespaces, int cgroup, int *pidfd)
{
	struct clone_args args = {
	    .flags = namespaces | CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
	    .pidfd = (uintptr_t)pidfd,
	};
	pid_t pid;

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = cgroup;
	}
	pid = syscall(SYS_clone3, &args, sizeof args);
	if (pid < 0 && errno == ENOSYS && cgroup < 0)
		pid = clone_old(namespaces | CLONE_PIDFD, pidfd);
	return pid;
}

pid_t
clone_fork(void)
{
	return clone_old(0, NULL);
}

bool
clone_is_lost(pid_t pid, int pidfd)
{
	if (!procstat_is_killed(pid))
		return false;
	exit_reap(pidfd);
	close(pidfd);
	return true;
}
