/* SPDX-License-Identifier: ISC */
/* The id maps of a user namespace (user_namespaces(7)). */
#ifndef RUN_CONTAINER_IDMAP_H
#define RUN_CONTAINER_IDMAP_H

#include <sys/types.h>

struct idmap;
struct mount_spec;
struct spec;

/*
 * In the parent: write the maps of the child pid, directly where this user
 * may, else by newuidmap(1) and newgidmap(1).  Dies.
 */
void idmaps_write(const struct spec *spec, pid_t pid);

/*
 * Have the maps of the specification be those of the user namespace that it
 * joins, a descriptor of path.  Dies when it can't be joined.
 */
void idmaps_read(struct spec *spec, int user_namespace, const char *path);

/*
 * A descriptor of a user namespace with the maps of a mount and no process in
 * it.  Dies.
 */
int idmap_namespace(const struct mount_spec *m);

/* The user out here that uid is in there, or -1. */
uid_t idmap_outside(const struct spec *spec, uid_t uid);

#endif
