/* SPDX-License-Identifier: ISC */
/* What cgroups a container is to have, before there is any of them. */
#ifndef RUN_CGROUP_PLAN_H
#define RUN_CGROUP_PLAN_H

struct cgroup_tree;
struct hierarchy;
struct resources;
struct settings;
struct spec;
struct state_cgroups;

/* Dies of a linux.cgroupsPath that leads out of its place or names nothing. */
void plan_path_check(const char *path);

/*
 * The container's cgroup from the root of a hierarchy, "/a/b", owned: the
 * specification's path, or the container's ID.
 */
char *plan_name(
    const struct hierarchy *h, const struct spec *spec, const char *id);

/*
 * Add to the list what may be made in the hierarchy mounted there: the cgroup,
 * then those above it, the topmost first.  None has an inode so far.
 */
void plan_list(struct state_cgroups *list, const char *mount, const char *name);

/*
 * What is to be written to all hierarchies.  Dies of a limit that can't be
 * had here, naming the property.
 */
void plan_settings(const struct cgroup_tree *t, const struct resources *r,
    struct settings *list);

#endif
