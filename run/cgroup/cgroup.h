/* SPDX-License-Identifier: ISC */
/*
 * Control groups of one container: v1, v2 and hybrid trees behind the same
 * few verbs (config-linux.md, "Control groups").
 */
#ifndef RUN_CGROUP_CGROUP_H
#define RUN_CGROUP_CGROUP_H

#include <stdbool.h>

struct spec;
struct state_cgroups;
struct cgroup;

/*
 * What cgroup the container is to have: below this process's own where
 * cgroupsPath is relative.  Makes nothing; keeps spec and id.  Dies when a
 * path or a limit can't be had, naming the property.
 */
struct cgroup *cgroup_plan(
    const struct spec *spec, const char *id, bool rootless);

/*
 * Make it, with the limits of the specification, and open what the child
 * needs to enter it.  Dies when a limit can't be had, naming the property.
 * Where none can be made, none is asked for, and the container has no way to
 * change what it is left in, there may be no cgroup: the result still answers
 * all the verbs.
 */
void cgroup_create(struct cgroup *c);

/*
 * Hold it to its devices.  cgroup_create has, unless the first process mounts
 * one: the container need not be allowed to use that.  Dies.
 */
void cgroup_devices(const struct cgroup *c);

/* v2: a descriptor of the directory for CLONE_INTO_CGROUP; -1: enter it. */
int cgroup_clone_fd(const struct cgroup *c);

/* What is cloned next is to enter that one as well.  Dies. */
void cgroup_clone_apart(struct cgroup *c);

/*
 * In the child, single-threaded, before it unshares its cgroup namespace:
 * enter every hierarchy that clone didn't, through descriptors that the
 * parent opened (the kernel asks for the opener's rights).
 */
void cgroup_enter(const struct cgroup *c);

/* When the child is in: dies when another container is, too. */
void cgroup_check(const struct cgroup *c);

/*
 * What state.json is to have, and cgroup_destroy takes: at any moment after
 * cgroup_plan it finds what there is of them, however that came.
 */
const struct state_cgroups *cgroup_list(const struct cgroup *c);

/*
 * Kill what is left in the cgroups and remove the directories, as far as they
 * are the container's still.  Waits at most two seconds for the kernel to let
 * go of them; 0, or -1 with a warning.
 */
int cgroup_destroy(const struct state_cgroups *list);

/*
 * In the child, at a mount of type "cgroup": mount what the container is to
 * see at the directory descriptor target.  ns tells whether it has a cgroup
 * namespace of its own; without one the tree is bound read-only.
 */
void cgroup_mount(
    const struct cgroup *c, int target, unsigned long flags, bool ns);

#endif
