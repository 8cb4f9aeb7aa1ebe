/* SPDX-License-Identifier: ISC */
/* Root file systems, which oci-unpack makes and removes. */
#ifndef BUNDLE_UNPACKING_H
#define BUNDLE_UNPACKING_H

/* A descriptor of the rootfs in a directory; -1: there is none.  Else dies. */
int unpacking_open(int dir);

struct unpacking {
	int lock;                    /* to be held by oci-unpack, too */
	const char *layout, *digest; /* of the image's manifest */
	const char *platform;        /* that the image is for, or NULL */
	const char *rootless; /* oci-unpack's option: whose the files are */
	const char *path;     /* of rootfs; or with layers, for messages */
	const char *layers;   /* the directory of shared ones; NULL: rootfs */
	const char *objects;  /* that of shared files; NULL: none */
	const char *progress; /* likewise: how it is shown, or NULL */
};

/*
 * Run oci-unpack, the one beside this program or else in PATH, to make rootfs.
 * When it fails it has said why, and this program ends with its status.
 */
void unpacking_run(const struct unpacking *u);

/* The same, to have the layers: their names as oci-unpack prints them, owned.
 */
char *unpacking_layers(const struct unpacking *u);

/*
 * Have a directory in dir removed with all that is in it, and warn if that
 * doesn't work.
 */
void unpacking_remove(int dir, const char *name, const char *rootless);

#endif
