/* SPDX-License-Identifier: ISC */
/*
 * The directory that is published in one step: made under another name beside
 * it, ".NAME.PID.tmp", and renamed when it is complete.
 */
#ifndef UNPACK_ROOTFS_H
#define UNPACK_ROOTFS_H

/*
 * Open the directory in which path is to be made, and see who may rename in
 * it: before a user namespace hides the owners.
 */
void rootfs_open(const char *path);

/*
 * A descriptor of the empty directory that is to get that name.  Dies when
 * there is something else than an empty directory.  Removes what killed runs
 * have left, where nobody else can have put it.  Until rootfs_publish the end
 * of the process removes what is there.
 */
int rootfs_begin(void);

/* An empty file in it that has no name: to be called while it is empty. */
int rootfs_scratch(void);

void rootfs_publish(void);

#endif
