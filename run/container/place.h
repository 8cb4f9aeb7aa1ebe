/* SPDX-License-Identifier: ISC */
/*
 * Places of the host that the container's process can't reach from its user
 * namespace: where a directory above lets nobody but its owner through.
 */
#ifndef RUN_CONTAINER_PLACE_H
#define RUN_CONTAINER_PLACE_H

struct launch;

/*
 * Open the source of a mount, or the root file system for -1, as this user and
 * in the mount namespace of the container's process, and send it there
 * (SYNC_PLACE), or why that isn't possible.  A descriptor of another mount
 * namespace is of no use there, and what is mounted in this one would come
 * without the flags that the other may not change.  Of a mount whose ids are to
 * be mapped it is a clone, that is mounted nowhere yet, with its ids mapped:
 * who does that has to have rights over the file system.  Dies.
 */
void place_open(const struct launch *l, int which);

#endif
