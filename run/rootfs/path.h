/* SPDX-License-Identifier: ISC */
/*
 * Paths inside a container's root file system.  Whatever links the image
 * holds, openat2(2) resolves them below the root's descriptor, and what is
 * done then is done to the descriptor that came of it.
 *
 * Who shares the root file system can move "/proc" away meanwhile, and put
 * another directory in its place.  So where a path leads by its name is only
 * taken when that is in the mount that should be there, or in a later one;
 * else it is looked up from that mount's own descriptor (run/rootfs/anchor.h).
 */
#ifndef RUN_ROOTFS_PATH_H
#define RUN_ROOTFS_PATH_H

#include <stdbool.h>

struct root;

/*
 * All of these return an O_PATH descriptor, or -1 with errno.  Links are
 * followed as inside a chroot, magic links never.
 */
int path_open(const struct root *root, const char *path);

/* Where no component may be a link. */
int path_open_plain(const struct root *root, const char *path);

/* From the mount alone, and by the name alone. */
int path_open_anchored(const struct root *root, const char *path);
int path_open_by_name(const struct root *root, const char *path);

/*
 * Open path, and make what is missing of it: parents as directories of mode
 * 0755, the last component as a directory or an empty file, and where a
 * component is a link to nothing, the link's target.
 */
int path_make(const struct root *root, const char *path, bool directory);

/*
 * Open the file of an O_PATH descriptor again, with the flags of open(2), by
 * the host's /proc: it is the very file.  -1 with errno.
 */
int path_reopen(int fd, int flags);

/*
 * Open name in a directory, of its own mount and no link, with the flags of
 * open(2).  -1 with errno.
 */
int path_open_in(int directory, const char *name, int flags);

/*
 * Open a regular file of the image's to be read, where the bundle mounts
 * another in its place that.  No link may lead to a mount.  Nothing but a
 * regular file is opened: a device might do something by that.  -1 with
 * errno: EINVAL for what is none, EXDEV for such a link.
 */
int path_open_file(const struct root *root, const char *path);

#endif
