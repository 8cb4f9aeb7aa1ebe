/* SPDX-License-Identifier: ISC */
/* New processes in new namespaces (clone(2)). */
#ifndef RUN_CONTAINER_CLONE_H
#define RUN_CONTAINER_CLONE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Whether there is clone3(2).  Docker's seccomp profile answers as an old
 * kernel does, so that libraries fall back to clone(2), and so it is done
 * here; a process that is cloned so enters its cgroup by itself.
 */
bool clone3_is_there(void);

/*
 * The children of these two have no exit signal until they execute a program:
 * then it is SIGCHLD (execve(2)), which __WCLONE in waitid(2) tells from none.
 *
 * Clone this process with the CLONE_NEW... flags, into the cgroup of the
 * descriptor unless that is -1.  Returns as fork(2) does, in the parent with a
 * pidfd; -1 with errno.  With CLONE_PARENT it is this process's parent whose
 * child it becomes.
 */
pid_t clone_process(uint64_t namespaces, int cgroup, int *pidfd);

/* fork(2). */
pid_t clone_fork(void);

/*
 * In the parent: whether the kernel has killed what was cloned into a cgroup,
 * before it ran.  Linux 6.18 does where either that or this process's own one
 * has ever been killed by cgroup.kill, unless both have equally often.  Then it
 * is reaped and its pidfd closed.
 */
bool clone_is_lost(pid_t pid, int pidfd);

#endif
