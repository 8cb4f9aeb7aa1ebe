/* SPDX-License-Identifier: ISC */
/* Directories that a program makes, and shares with others by a lock. */
#ifndef LIB_DIRECTORY_H
#define LIB_DIRECTORY_H

#include <sys/types.h>

/* A directory that was made, to be removed by unlinkat(2) if need be. */
struct directory {
	int parent; /* a descriptor of the directory that it is in */
	char *name; /* there; NULL: none was made */
};

/*
 * Make the directory path and open it: -1 when something is there already.
 * Who may write to its parent can put something else in its place before it
 * is opened: links are not followed, another user's directory not taken for
 * ours.  Dies of all else.
 */
int directory_make(const char *path, mode_t mode, struct directory *made);

/* Close the parent and forget the name. */
void directory_forget(struct directory *made);

/*
 * Have the lock of flock(2) on a directory, which is called path in messages.
 * That another process has it is said after a second.
 */
void directory_lock(int fd, const char *path);

#endif
