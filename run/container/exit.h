/* SPDX-License-Identifier: ISC */
/* How the first process of a container ended. */
#ifndef RUN_CONTAINER_EXIT_H
#define RUN_CONTAINER_EXIT_H

/*
 * Wait for the process of pidfd: its exit status, or 128 and the number
 * of the signal that ended it.
 */
int exit_wait(int pidfd);

/* Wait for it if that can be done, whatever comes of it. */
void exit_reap(int pidfd);

/* Of one that should not have ended yet: the signal that ended it, or 0. */
int exit_signal(int pidfd);

#endif
