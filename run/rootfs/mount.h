/* SPDX-License-Identifier: ISC */
/*
 * Mounts by descriptor: made, changed while nobody sees them, then attached
 * (fsopen(2), open_tree(2), mount_setattr(2), move_mount(2)).
 */
#ifndef RUN_ROOTFS_MOUNT_H
#define RUN_ROOTFS_MOUNT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A new file system that is mounted nowhere yet.  data: "name=value" or
 * "name" each, NULL-terminated, may be NULL.  With MOUNT_ATTR_RDONLY nothing
 * is written to a device, either, unless it is mounted elsewhere for that.
 * what is for messages.
 */
int mount_new(const char *type, const char *source, const char *const *data,
    uint64_t attributes, const char *what);

/* A clone of what is mounted at fd, mounted nowhere yet; -1 with errno. */
int mount_clone(int fd, bool recursive);

/*
 * Show the files of a clone that was never attached with the ids that the
 * user namespace gives them; -1 with errno.
 */
int mount_idmap(int mount, bool recursive, int user_namespace);

/* Put a mount that came of the two above at target; -1 with errno. */
int mount_attach(int mount, int target);

/* Set and clear MOUNT_ATTR_... flags at fd; -1 with errno. */
int mount_change(
    int fd, bool recursive, uint64_t set, uint64_t clear, uint64_t propagation);

#endif
