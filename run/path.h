/* SPDX-License-Identifier: ISC */
/*
 * Paths inside a container's root file system.  Whatever links the image
 * holds, openat2(2) resolves them below the root's descriptor, and what is
 * done then is done to the descriptor that came of it.
 */
#ifndef RUN_PATH_H
#define RUN_PATH_H

#include <stdbool.h>

/*
 * Open path below the directory root, with the flags of open(2) and
 * O_CLOEXEC.  Links are followed as inside a chroot, magic links never.
 * -1 with errno.
 */
int path_open(int root, const char *path, int flags);

/* The same where no component may be a link. */
int path_open_plain(int root, const char *path, int flags);

/*
 * An O_PATH descriptor of path, made when it isn't there: its parents as
 * directories (mode 0755), itself as one or as an empty file.  -1 with errno.
 */
int path_make(int root, const char *path, bool directory);

#endif
