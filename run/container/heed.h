/* SPDX-License-Identifier: ISC */
/* What a process does about a signal (proc(5), /proc/PID/status). */
#ifndef RUN_CONTAINER_HEED_H
#define RUN_CONTAINER_HEED_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether the process catches, ignores or blocks the signal.  One that it does
 * nothing about ends a process, unless that is a pid namespace's first: the
 * kernel drops it there.  True also when nothing can be known of the process.
 */
bool process_heeds(pid_t pid, int signal);

#endif
