/* SPDX-License-Identifier: ISC */
/* How the first process of a container ended. */
#ifndef RUN_CONTAINER_EXIT_H
#define RUN_CONTAINER_EXIT_H

#include <stdbool.h>

/*
 * Wait for the process of pidfd: its exit status, or 128 and the number
 * of the signal that ended it.
 */
int exit_wait(int pidfd);

/*
 * Wait for a process that needn't be this one's child: what Linux 6.15 tells
 * of it to who held a pidfd before its end, likewise; -1 when that isn't told.
 */
int exit_watch(int pidfd);

/* Wait for it if that can be done, whatever comes of it. */
void exit_reap(int pidfd);

/*
 * Likewise for one that was sent SIGKILL, which a freezer or a disk may keep
 * from it: 10 seconds at most, and until there is something to read from
 * signals, -1 is none.  Whether it has ended.
 */
bool exit_reap_killed(int pidfd, int signals);

/*
 * Whether the process, which has closed its end of the channel, has executed a
 * program; if not it is ending, and is waited for, not reaped.
 */
bool exit_has_executed(int pidfd);

/* The signal that ended the process, or 0; the process is not reaped. */
int exit_signal(int pidfd);

/*
 * The same of a process that another one has reaped, which Linux tells from
 * 6.15 on; 0 also where it isn't known.
 */
int exit_signal_told(int pidfd);

#endif
