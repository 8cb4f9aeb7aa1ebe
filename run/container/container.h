/* SPDX-License-Identifier: ISC */
/*
 * A container as the program that makes it holds it: its state directory, its
 * cgroup and its first process.
 */
#ifndef RUN_CONTAINER_CONTAINER_H
#define RUN_CONTAINER_CONTAINER_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/state.h"

struct cgroup;
struct hook_list;
struct spec;

struct container {
	int root; /* the state directory of all containers */
	int dir;  /* its own in there, locked while it is made and deleted */
	struct state state;
	struct cgroup *cgroup;
	pid_t pid; /* of its first process; 0: none so far */
	int pidfd; /* the same; -1 */
	const struct hook_list *hooks; /* of its spec; NULL: not read */
};

/*
 * Take the ID and make state and cgroup.  A container of that name is an
 * error.  Until container_release the end of this process deletes what was
 * made, which goes for one container in a process.  Dies.
 */
struct container *container_create(
    int root, const char *id, const char *bundle, const struct spec *spec);

/*
 * The container of that name, locked against whoever would change it.  Its
 * state is that of now (state_judge), with a pidfd unless it is stopped.  Dies
 * when there is none.
 */
struct container *container_open(int root, const char *id);

/* The same with a lock or without; NULL when there is none. */
struct container *container_try(int root, const char *id, bool lock);

/* The same without a lock, for whoever changes nothing of its state. */
struct container *container_look(int root, const char *id);

/* Write its process down, by which it can be killed while it is created. */
void container_begin(struct container *c);

/* Write the status down, and let others at the container. */
void container_write(struct container *c, const char *status);

/*
 * From now on the end of this process deletes it, as after container_create;
 * NULL: none.
 */
void container_hold(struct container *c);

/* Leave it to itself. */
void container_release(struct container *c);

/* Kill its process, which has a pidfd, and all others; false: it has ended. */
bool container_kill(const struct container *c);

/*
 * Kill the container's processes, remove its cgroup, run its hooks of poststop,
 * and remove its state, so that what is interrupted can be done again: 0, or
 * -1 with a warning when something is left.
 */
int container_delete(struct container *c);

#endif
