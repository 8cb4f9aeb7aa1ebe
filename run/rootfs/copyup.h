/* SPDX-License-Identifier: ISC */
/* What a new file system takes from the directory that it will cover. */
#ifndef RUN_ROOTFS_COPYUP_H
#define RUN_ROOTFS_COPYUP_H

struct mount_options;

/*
 * The mount option tmpcopyup: copy what is in the directory from to the file
 * system of mount, which is attached nowhere yet, and give its root the
 * directory's mode and owner where the options don't say them.  Both may be
 * O_PATH.  Owners and extended attributes that can't be set are left out, and
 * so are other file systems that are mounted below from.  Dies; what is the
 * destination, for messages.
 */
void copyup(
    int from, int mount, const struct mount_options *o, const char *what);

#endif
