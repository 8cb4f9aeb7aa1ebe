/* SPDX-License-Identifier: ISC */
/* BUNDLE/rootfs, which oci-unpack makes. */
#ifndef BUNDLE_ROOTFS_H
#define BUNDLE_ROOTFS_H

/* A descriptor of bundle's rootfs; -1 when there is none.  Else dies. */
int rootfs_open(int bundle);

/*
 * Run oci-unpack, the one beside this program or else in PATH, on
 * LAYOUT@DIGEST to make the directory path; rootless is the value of its
 * option, which says whose the files are.  When it fails it has said why, and
 * this program ends with its status.
 */
void rootfs_unpack(const char *layout, const char *digest, const char *rootless,
    const char *path);

#endif
