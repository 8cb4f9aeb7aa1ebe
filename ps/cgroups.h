/* SPDX-License-Identifier: ISC */
/* The cgroups of a container, as its state has them, held open. */
#ifndef PS_CGROUPS_H
#define PS_CGROUPS_H

#include <stdbool.h>
#include <stddef.h>

struct state_cgroups;

struct cgroup_dir {
	int fd;
	bool v2; /* of the unified tree; else of some controllers' v1 tree */
};

struct cgroups {
	struct cgroup_dir *all;
	size_t n;
};

/*
 * Open those that still are the ones that were recorded: a name may be another
 * cgroup's by now.  What can't be opened is left out.
 */
void cgroups_open(const struct state_cgroups *list, struct cgroups *c);

/* The first, of that version, that has a file of that name; -1: none has. */
int cgroups_find(const struct cgroups *c, bool v2, const char *file);

void cgroups_close(struct cgroups *c);

#endif
