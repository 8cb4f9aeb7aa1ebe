/* SPDX-License-Identifier: ISC */
/* A container's root file system, as its first process makes it. */
#ifndef RUN_CONTAINER_ROOTFS_H
#define RUN_CONTAINER_ROOTFS_H

struct init;

/*
 * Build it with all that is mounted in it, hand the parent its terminal, run
 * the hooks up to createContainer, and make it "/"; unless mounts is -1 that is
 * in the mount namespace of this descriptor, which is closed.  Others that were
 * opened for it may still be open.  Dies.
 */
void rootfs_make(const struct init *in, int mounts);

#endif
