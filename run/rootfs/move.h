/* SPDX-License-Identifier: ISC */
/* A root without pivot_root(2), where the host's can't be pivoted. */
#ifndef RUN_ROOTFS_MOVE_H
#define RUN_ROOTFS_MOVE_H

struct root;

/*
 * Move the mount of the root onto "/" and change to it, as --no-pivot asks.
 * What lies below can't be reached by name then, but it is there: so proc and
 * sysfs of the host are taken away before, which unmasked as they are would
 * allow the container to mount others.  Dies; path is for messages.
 */
void root_move(const struct root *root, const char *path);

#endif
