/* SPDX-License-Identifier: ISC */
/*
 * The file in the bundle that says which image rootfs is of, for rootfs can't
 * say it itself: {"manifest":DIGEST,"platform":OS/ARCH}.  While one root file
 * system takes the place of another it has that of the new, and
 * "replaces":{"manifest":DIGEST,"inode":N} of the old.
 */
#ifndef BUNDLE_RECORD_H
#define BUNDLE_RECORD_H

#define RECORD ".rootfs.json"

/*
 * Write one to the file name in dir; platform may be NULL.  With old_of, the
 * digest of the rootfs that is open as old, it is about both.  Dies.
 */
void record_write(int dir, const char *name, const char *digest,
    const char *platform, const char *old_of, int old);

/*
 * The digest of the image that root is of, owned; NULL: not known.  A record of
 * two, which a killed run has left, becomes one of this image alone, for a
 * number of an inode is used again.
 */
char *record_read(int bundle, int root);

#endif
