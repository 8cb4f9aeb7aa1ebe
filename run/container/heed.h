/* SPDX-License-Identifier: ISC */
/* What a process does about a signal (proc(5), /proc/PID/status). */
#ifndef RUN_CONTAINER_HEED_H
#define RUN_CONTAINER_HEED_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether the process catches, ignores or blocks the signal: not whether that
 * is done to it which ends any other than a pid namespace's first process.
 * True also when that can't be known.
 */
bool process_heeds(pid_t pid, int signal);

#endif
