/* SPDX-License-Identifier: ISC */
/*
 * A container as the program that makes it holds it: its state directory, its
 * cgroup and its first process.
 */
#ifndef RUN_CONTAINER_CONTAINER_H
#define RUN_CONTAINER_CONTAINER_H

#include <sys/types.h>

#include "lib/state.h"

struct cgroup;
struct spec;

struct container {
	int root; /* the state directory of all containers */
	int dir;  /* its own in there, locked while it is made and deleted */
	struct state state;
	struct cgroup *cgroup; /* NULL: not made so far */
	pid_t pid;             /* of its first process; 0: none so far */
	int pidfd;             /* the same; -1 */
};

/*
 * Take the ID and make state and cgroup.  A container of that name that is
 * stopped is deleted first; one that isn't is an error.  Until
 * container_release the end of this process deletes what was made, which goes
 * for one container in a process.  Dies.
 */
struct container *container_create(
    int root, const char *id, const char *bundle, const struct spec *spec);

/* Write down that its process runs, and let others at the container. */
void container_start(struct container *c);

/* Leave it to itself. */
void container_release(struct container *c);

/* Kill the container's processes, and remove its cgroup and its state. */
void container_delete(struct container *c);

#endif
