/* SPDX-License-Identifier: ISC */
/* The directory of a container in one cgroup hierarchy. */
#ifndef RUN_CGROUP_DIR_H
#define RUN_CGROUP_DIR_H

#include "lib/buf.h"

struct hierarchy;

struct cgroup_dir {
	const struct hierarchy *in;
	char *path; /* absolute, the hierarchy's mount point first */
	int fd;
	int tasks; /* v1: write "0" to it to enter; v2: -1, clone enters */
};

/*
 * Make the directory, and those above it that are missing, where name is
 * from the hierarchy's root.  Adds it to the list that cgroup_destroy takes,
 * and after it what else was made, with a '/' at the end, deepest first.
 * 0, or -1 with errno; dies when there are processes in it.
 */
int cgroup_dir_make(struct cgroup_dir *d, const struct hierarchy *in,
    const char *name, struct buf *list);

/* The directories of a container, and the hierarchies that there are. */
struct cgroup;
struct cgroup_tree;
const struct cgroup_dir *cgroup_dirs(const struct cgroup *c, size_t *n);
const struct cgroup_tree *cgroup_tree(const struct cgroup *c);

/* Call visit for the mount point and each directory down to d itself. */
void cgroup_dir_descend(const struct cgroup_dir *d,
    void (*visit)(int dirfd, const char *path, void *arg), void *arg);

/* Kill by reading cgroup.procs, in all directories below too. */
void cgroup_dir_kill(int dirfd);

#endif
