/* SPDX-License-Identifier: ISC */
/*
 * The way into a container's cgroups for a process that joins it: one file for
 * each of its directories, opened in the parent (the kernel asks for the
 * opener's rights) and written to by the process itself.
 */
#ifndef RUN_CGROUP_ENTRY_H
#define RUN_CGROUP_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct state;

struct cgroup_entry {
	char *path; /* of the directory */
	int dir;    /* the directory, of v2 alone, or -1 */
	int fd;
	int other; /* to be entered where fd takes no processes, or -1 */
};

struct cgroup_entries {
	struct cgroup_entry *v;
	size_t n;
	bool frozen; /* one of them is: what enters doesn't run */
	bool cloned; /* the process was cloned into that of v2 */
};

/*
 * Open them all.  subs are names of cgroups below the container's,
 * "CONTROLLER[,CONTROLLER]:PATH", ":PATH" for v2 or one PATH for all
 * hierarchies; they must be there.  pid is the container's first process: a
 * cgroup v2 that has given controllers to those below it takes no processes,
 * and then its own is entered.  Dies, also when what has the names are
 * another's cgroups.
 */
void cgroup_entries_open(struct cgroup_entries *e, const struct state *s,
    pid_t pid, const char *const *subs, size_t nsubs);

/* v2: a descriptor of the directory for CLONE_INTO_CGROUP; -1: enter it. */
int cgroup_entries_clone_fd(const struct cgroup_entries *e);

/* In the child, single-threaded: enter them.  Dies. */
void cgroup_entries_enter(const struct cgroup_entries *e);

#endif
