/* SPDX-License-Identifier: ISC */
/*
 * What a container could reach of a hierarchy in which it has no cgroup of
 * its own.  There it stays in the runtime's, which is the root of its cgroup
 * namespace, and whoever owns such a namespace can mount that, writable.
 */
#ifndef RUN_CGROUP_REACH_H
#define RUN_CGROUP_REACH_H

#include <stdbool.h>

struct cgroup_tree;
struct hierarchy;
struct spec;

/* Whether this process's privileges are those of a user namespace. */
bool reach_is_limited(void);

/* Whether the container could change this process's cgroup in a hierarchy. */
bool reach_of(const struct spec *spec, const struct hierarchy *h);

/*
 * Dies when there is a v1 hierarchy that isn't mounted here and that the
 * container could mount: on v1 the root of one has a release_agent, which the
 * kernel runs with all privileges.
 */
void reach_check_unmounted(
    const struct spec *spec, const struct cgroup_tree *t);

#endif
