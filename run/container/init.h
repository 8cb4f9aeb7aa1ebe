/* SPDX-License-Identifier: ISC */
/* The container's first process, from clone to exec. */
#ifndef RUN_CONTAINER_INIT_H
#define RUN_CONTAINER_INIT_H

#include <stdbool.h>

#include "run/container/become.h"

struct spec;
struct cgroup;
struct namespaces;
struct state;

struct init {
	struct spec *spec;
	const struct namespaces *namespaces;
	const struct cgroup *cgroup;
	const struct state *state; /* of the container, for its hooks */
	int gate;              /* of gate_make, or -1: the parent starts it */
	struct become become;  /* what comes of it in the end */
	bool no_pivot;         /* move the root in place of it */
	bool rootless;         /* the parent isn't the superuser */
	bool new_keyring;      /* a session keyring of its own */
	unsigned preserve_fds; /* descriptors kept above 2 */
};

/*
 * Until become_hidden an ordinary user, his hooks among his programs, may look
 * at this process's namespaces and set what is set for a process in /proc, as
 * the superuser always may.
 */
void init_show(const struct init *in);

_Noreturn void init_run(struct init *init);

/*
 * In a process in its place, where a user namespace is joined: join all that
 * are, and clone the first process, as a child of this one's parent.  The
 * parent is sent the first process's pid and a pidfd, with SYNC_JOINED.
 */
_Noreturn void init_join(struct init *init);

#endif
