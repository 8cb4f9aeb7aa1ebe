/* SPDX-License-Identifier: ISC */
/* The cgroup hierarchies that are mounted here, v1 and v2 (cgroups(7)). */
#ifndef RUN_CGROUP_TREE_H
#define RUN_CGROUP_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cgroup_backend;

struct hierarchy {
	const struct cgroup_backend *backend; /* v1 or v2 */
	char *mount;       /* where it is: "/sys/fs/cgroup/memory" */
	char *controllers; /* "memory", "cpu,cpuacct", "name=systemd" */
	char *own;         /* this process's cgroup, from mount: "/", "/a/b" */
};

struct cgroup_tree {
	struct hierarchy *v; /* v2 first, where it is mounted */
	size_t n;
	char *unmounted; /* controllers of a v1 hierarchy that isn't, or NULL */
};

/* Read it from /proc/self.  A machine without cgroups has an empty tree. */
void cgroup_tree_read(struct cgroup_tree *t);

/* The same, with another process's cgroups as "own". */
void cgroup_tree_read_of(struct cgroup_tree *t, pid_t pid);

/* The hierarchy that has a controller, or NULL. */
const struct hierarchy *cgroup_tree_find(
    const struct cgroup_tree *t, const char *controller);

/* The v2 hierarchy, or NULL. */
const struct hierarchy *cgroup_tree_v2(const struct cgroup_tree *t);

/*
 * A path as /proc/self/mountinfo has it, where a space, a tab, a newline and a
 * backslash are octal digits.  Owned.
 */
char *mountinfo_unescape(const char *s);

/* Whether word is one of the words of list, between separators. */
bool word_in(const char *list, const char *word, const char *separators);

#endif
