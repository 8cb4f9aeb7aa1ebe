/* SPDX-License-Identifier: ISC */
/* The processes of a container: those of its cgroup. */
#ifndef PS_PROCESSES_H
#define PS_PROCESSES_H

#include <stddef.h>
#include <sys/types.h>

struct state;

/*
 * Their pids, sorted, owned.  Without a cgroup it is the first process alone,
 * where that lives.  Dies when the cgroup can't be read.
 */
pid_t *processes_read(const struct state *s, size_t *n);

/* Print PID, UID and COMMAND in columns; who has ended meanwhile is left out.
 */
void processes_print(const pid_t *pids, size_t n);

#endif
