/* SPDX-License-Identifier: ISC */
/*
 * The directory that is published in one step: made under another name beside
 * it, ".NAME.PID.tmp", and renamed when it is complete.
 */
#ifndef UNPACK_ROOTFS_H
#define UNPACK_ROOTFS_H

/*
 * A descriptor of the empty directory in which path is to be made.  Dies when
 * path exists and is no empty directory.  Removes what killed runs have left.
 * Until rootfs_publish the end of the process removes what is there.
 */
int rootfs_begin(const char *path);
void rootfs_publish(void);

#endif
