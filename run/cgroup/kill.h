/* SPDX-License-Identifier: ISC */
/* Signals to the processes of a cgroup one by one. */
#ifndef RUN_CGROUP_KILL_H
#define RUN_CGROUP_KILL_H

/*
 * Send SIGKILL to what is in a cgroup and in those below.  Where they have the
 * freezer of v1, they are held still meanwhile, so that nothing forks its
 * way out, and let go at the end, whoever froze them: a frozen process doesn't
 * die.
 */
void cgroup_kill(int dirfd);

/* Send another signal to them, each when it is found. */
void cgroup_signal(int dirfd, int signal);

#endif
