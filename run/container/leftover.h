/* SPDX-License-Identifier: ISC */
/*
 * Containers that nobody will finish or remove any more, and their room
 * (oci-state(5), "Who holds the lock").
 */
#ifndef RUN_CONTAINER_LEFTOVER_H
#define RUN_CONTAINER_LEFTOVER_H

#include <stdbool.h>

/*
 * Remove what is there under the name if nobody finished it, if a restart of
 * the machine ended it, or if replace is said and it has stopped.  Whoever is
 * at it is waited for, so this is for the time before signals are held; a
 * container that stays is container_create's to refuse.
 */
void leftover_make_room(int root, const char *id, bool replace);

/*
 * Remove what creators that were killed have left under other names, up to 16
 * of them.  Whoever is stopped is not: that is for its user to see.
 */
void leftover_sweep(int root);

/*
 * Remove all of these, however many they are, and those that have stopped as
 * well if that is said; gone is called with the name of each.  What somebody
 * else is at is his.  0, or -1 with a warning when something is left.
 */
int leftover_remove(int root, bool stopped, void (*gone)(const char *name));

#endif
