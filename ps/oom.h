/* SPDX-License-Identifier: ISC */
/* When a container runs out of its memory. */
#ifndef PS_OOM_H
#define PS_OOM_H

#include <stdbool.h>
#include <stdint.h>

struct cgroups;

struct oom {
	int dir;         /* the cgroup with the memory controller; -1: none */
	int fd;          /* to be polled for events; -1: nothing will come */
	short events;    /* of poll(2) */
	uint64_t killed; /* v2: how many processes so far */
	uint64_t hit;    /* v2: how often that was to be done */
	bool expected;   /* v2: it was to be done, and isn't yet */
};

/*
 * From now on take notice.  Without a memory controller nothing ever comes;
 * where the kernel doesn't tell, a warning says so.
 */
void oom_watch(struct oom *o, const struct cgroups *c);

/*
 * Whether it has happened since the last call, however often.  ended: the
 * container's first process had ended before this call, so that its cgroup may
 * be gone; then this is the last call.
 */
bool oom_happened(struct oom *o, bool ended);

#endif
