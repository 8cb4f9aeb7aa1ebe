/* SPDX-License-Identifier: ISC */
/* The directory of a container in one cgroup hierarchy. */
#ifndef RUN_CGROUP_DIR_H
#define RUN_CGROUP_DIR_H

#include <stdbool.h>
#include <stddef.h>

struct hierarchy;
struct state_cgroups;

struct cgroup_dir {
	const struct hierarchy *in;
	char *path; /* absolute, the hierarchy's mount point first */
	int fd;
	int procs; /* write "0" to it to enter; -1: clone enters */
	bool made; /* it wasn't there */
};

/*
 * Make the directory, and those above it that are missing, where name is
 * from the hierarchy's root.  One that is there is taken when it is empty,
 * and made anew when it is left of another container.  The list, which has
 * them as planned, is told what there is now, and its claim is set.  0, or -1
 * with errno; dies when somebody is in it.
 */
int cgroup_dir_make(struct cgroup_dir *d, const struct hierarchy *in,
    const char *name, struct state_cgroups *list);

/* The directories of a container, and the hierarchies that there are. */
struct cgroup;
struct cgroup_tree;
const struct cgroup_dir *cgroup_dirs(const struct cgroup *c, size_t *n);
const struct cgroup_tree *cgroup_tree(const struct cgroup *c);

/* Call visit for the mount point and each directory down to d itself. */
void cgroup_dir_descend(const struct cgroup_dir *d,
    void (*visit)(int dirfd, const char *path, void *arg), void *arg);

/* Whether there are processes in it or in those below. */
bool cgroup_dir_is_populated(int dirfd);

/* Whether it is frozen, or one above it is. */
bool cgroup_dir_is_frozen(int dirfd);

/* Whether there are cgroups below it. */
bool cgroup_dir_has_children(int dirfd);

#endif
