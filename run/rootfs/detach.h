/* SPDX-License-Identifier: ISC */
/* A root in a mount namespace that is not the container's own. */
#ifndef RUN_ROOTFS_DETACH_H
#define RUN_ROOTFS_DETACH_H

struct root;

/*
 * From the copy of a mount namespace in which the root was made: take the root
 * and what is mounted in it to root->mounts_in, and change to it.  It is
 * mounted nowhere there: no process finds it but those whose root it is, and
 * it goes with the last of them.  Dies; path is for messages.
 */
void root_detach(const struct root *root, const char *path);

#endif
