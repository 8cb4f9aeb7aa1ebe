/* SPDX-License-Identifier: ISC */
/*
 * A process that joins a container: what oci-exec makes.
 *
 * It is made in two steps, for the namespace of processes counts for children
 * only.  A child of this program enters the container's cgroups and namespaces,
 * unseen by the container, and clones the process as this program's child, too.
 */
#ifndef RUN_CONTAINER_JOIN_H
#define RUN_CONTAINER_JOIN_H

#include <stdbool.h>

#include "run/cgroup/entry.h"
#include "run/container/become.h"

struct container;
struct launch;
struct spec;

struct join {
	const struct container *container;
	struct spec *spec; /* the container's, with the process that joins */
	struct become become;
	struct cgroup_entries cgroups;
	int namespaces;   /* CLONE_NEW..., those that aren't this program's */
	int mount;        /* that of mounts, or -1: it is this program's */
	int root;         /* the root directory of the container's process */
	bool new_keyring; /* a session keyring of its own */
	unsigned preserve_fds; /* descriptors kept above 2 */
};

/*
 * Find out what there is to join: fills namespaces, mount and root.  Dies when
 * the container's process has ended or may not be joined.
 */
void join_open(struct join *j);

/*
 * Bring a new process in the container to the point where only the exec is
 * left.  l->container is to be a copy, whose process becomes the new one.  Dies
 * when that does, or when a signal came that ends a program.
 */
void join_clone(struct launch *l, struct join *j);

#endif
