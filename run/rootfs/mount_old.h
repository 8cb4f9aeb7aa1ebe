/* SPDX-License-Identifier: ISC */
/* New file systems by mount(2), for what fsconfig(2) can't be told. */
#ifndef RUN_ROOTFS_MOUNT_OLD_H
#define RUN_ROOTFS_MOUNT_OLD_H

#include <stdbool.h>

/* Whether data, NULL-terminated, has a text that fsconfig(2) doesn't take. */
bool mount_old_is_needed(const char *const *data);

/*
 * As mount_new, with MS_... flags.  The mount is made in a directory that lies
 * over target meanwhile.
 */
int mount_old(const char *type, const char *source, const char *const *data,
    unsigned long flags, int target, const char *what);

#endif
