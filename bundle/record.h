/* SPDX-License-Identifier: ISC */
/*
 * The file in the bundle that says which image rootfs is of, for rootfs can't
 * say it itself: {"manifest":DIGEST,"platform":OS/ARCH}.  While one root file
 * system takes the place of another it has that of the new with its "inode":N,
 * and "replaces":{"manifest":DIGEST,"inode":N} of the old.
 */
#ifndef BUNDLE_RECORD_H
#define BUNDLE_RECORD_H

#define RECORD ".rootfs.json"

/* A root file system that gives its place to another. */
struct record_replaced {
	const char *digest; /* its own */
	int root, by;       /* both, open */
};

/*
 * Write one to the file name in dir; platform may be NULL.  With old it is
 * about both.  Dies.
 */
void record_write(int dir, const char *name, const char *digest,
    const char *platform, const struct record_replaced *old);

/*
 * The digest of the image that root is of, owned; NULL: there is no record.
 * Dies when it is neither of the two of a record, as in a copy of the bundle.
 * A record of two, which a killed run has left, becomes one of this image
 * alone, for a number of an inode is used again.
 */
char *record_read(int bundle, int root);

#endif
