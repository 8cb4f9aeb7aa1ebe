/* SPDX-License-Identifier: ISC */
/*
 * What the container's first process has to do with its parent, the runtime,
 * until it becomes the program of the bundle.
 */
#ifndef RUN_CONTAINER_PARENT_H
#define RUN_CONTAINER_PARENT_H

#include "run/container/sync.h"

struct progress;

/*
 * sync is the channel to it.  From here on this process is killed when the
 * parent dies, and die and warn tell the parent, who prints what they say.  To
 * be called again after each change of user or capabilities, for the kernel
 * then forgets.
 */
void parent_watch(int sync, struct progress *progress);

/* Wait for this message; dies when the parent has died instead. */
void parent_says(enum sync_message m);

/* Likewise, whatever the message is. */
enum sync_message parent_hears(void);

/* Tell it.  Dies. */
void parent_tell(enum sync_message m, int value, int fd);

/*
 * Have it open a place of config.json in this process's mount namespace:
 * spec->mounts[which].source, or the root file system for -1.  An O_PATH
 * descriptor, or -1 with errno.
 */
int parent_opens(int which);

/* The channel to whoever is it now. */
int parent_channel(void);

/*
 * A seccomp filter is on that may kill whoever sends, or the program is about
 * to be executed: what die and warn say is left in the memory that both share.
 */
void parent_silence(void);

/* End with this status, the reason of which has been said. */
_Noreturn void parent_died(int status);

/* The parent may die from now on, and this process goes on. */
void parent_leave(void);

/*
 * Have another one, on this channel, in its place; it may die, too.  It shares
 * no memory, so that it is sent what there is to say.
 */
void parent_change(int sync);

#endif
