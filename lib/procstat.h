/* SPDX-License-Identifier: ISC */
/* What /proc tells of one process (proc(5), /proc/PID/stat). */
#ifndef LIB_PROCSTAT_H
#define LIB_PROCSTAT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * See that /proc is there and has this process by its own pid: in that of
 * another pid namespace all of these, and whoever writes to a file of
 * /proc/PID, would be at the wrong process.  Dies.
 */
void procstat_check(void);

/* Start time in clock ticks since boot; 0: there is no such process. */
uint64_t procstat_start(pid_t pid);

/*
 * Whether pid is the process that started at start and has not ended.  A
 * zombie has, unless other threads of it go on.  A process that exists but
 * that /proc hides (hidepid=) is taken to be the one.
 */
bool procstat_lives(pid_t pid, uint64_t start);

/* A pidfd of the process that started at start; -1: that has ended. */
int procstat_open(pid_t pid, uint64_t start);

/*
 * Whether it has executed a program since it was forked; so has one that is
 * gone, for all that can be known.
 */
bool procstat_has_executed(pid_t pid);

/*
 * Whether SIGKILL has ended it, or is about to, before it is reaped.  Only who
 * may trace it is told.
 */
bool procstat_is_killed(pid_t pid);

#endif
