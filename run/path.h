/* SPDX-License-Identifier: ISC */
/*
 * Paths inside a container's root file system.  Whatever links the image
 * holds, openat2(2) resolves them below the root's descriptor, and what is
 * done then is done to the descriptor that came of it.
 *
 * A path below a mount of this container is looked up from that mount's own
 * descriptor: whoever shares the root file system can move "/proc" away and
 * put another directory in its place, but not the mount under the descriptor.
 */
#ifndef RUN_PATH_H
#define RUN_PATH_H

#include <stdbool.h>

struct root;

/*
 * Open path below the root, with the flags of open(2) and O_CLOEXEC.  Links
 * are followed as inside a chroot, magic links never.  -1 with errno.
 */
int path_open(const struct root *root, const char *path, int flags);

/*
 * The same from the root only, as the container will look path up: where it
 * leads may be another place than the mount that path_open finds.
 */
int path_open_by_name(const struct root *root, const char *path, int flags);

/* The same where no component may be a link. */
int path_open_plain(const struct root *root, const char *path, int flags);

/*
 * Open a regular file of the image's to be read, where the bundle mounts
 * another in its place that.  No link may lead to a mount.  Nothing but a
 * regular file is opened: a device might do something by that.  -1 with
 * errno: EINVAL for what is none, EXDEV for such a link.
 */
int path_open_file(const struct root *root, const char *path);

/*
 * An O_PATH descriptor of path, made when it isn't there: its parents as
 * directories (mode 0755), itself as one or as an empty file.  -1 with errno.
 */
int path_make(const struct root *root, const char *path, bool directory);

#endif
