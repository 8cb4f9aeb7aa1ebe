/* SPDX-License-Identifier: ISC */
/* The mounts of config.json (config.md, "Mounts"). */
#ifndef RUN_ROOTFS_MOUNTS_H
#define RUN_ROOTFS_MOUNTS_H

struct spec;
struct cgroup;
struct root;

/*
 * All mounts of the specification, in its order, below the root.
 * Dies naming the mount that fails, with the kernel's own words where the
 * file system left some.
 */
void mounts_make(
    const struct spec *spec, const struct cgroup *cgroup, struct root *root);

#endif
