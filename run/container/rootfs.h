/* SPDX-License-Identifier: ISC */
/* A container's root file system, as its first process makes it. */
#ifndef RUN_CONTAINER_ROOTFS_H
#define RUN_CONTAINER_ROOTFS_H

struct init;

/*
 * Build it with all that is mounted in it, the terminal that the parent is
 * given, run the hooks up to createContainer, and make it "/".  What was opened
 * for that, the slave of the terminal aside, which is the standard streams
 * then, may still be open.  Dies.
 */
void rootfs_make(const struct init *in);

#endif
