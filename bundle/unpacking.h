/* SPDX-License-Identifier: ISC */
/* BUNDLE/rootfs, which oci-unpack makes. */
#ifndef BUNDLE_UNPACKING_H
#define BUNDLE_UNPACKING_H

/* A descriptor of bundle's rootfs; -1 when there is none.  Else dies. */
int unpacking_open(int bundle);

/*
 * The file in the bundle that says which image rootfs is of, for rootfs can't
 * say it itself: {"manifest":DIGEST,"platform":OS/ARCH}.
 */
#define UNPACKING_RECORD ".rootfs.json"

struct directory;

struct unpacking {
	int bundle;                   /* its directory, locked */
	const struct directory *made; /* the same, if it was made */
	const char *layout, *digest;  /* of the image's manifest */
	const char *platform;         /* that the image is for, or NULL */
	const char *rootless; /* oci-unpack's option: whose the files are */
	const char *path;     /* of rootfs */
};

/*
 * Record what is unpacked, then run oci-unpack, the one beside this program or
 * else in PATH, to make rootfs.  When it fails it has said why, and this
 * program ends with its status; a signal that is to end this program ends it
 * first.  Neither leaves a bundle that was made.
 */
void unpacking_run(const struct unpacking *u);

/* The digest of the image that rootfs is of, owned; NULL: not known. */
char *unpacking_recorded(int bundle);

#endif
