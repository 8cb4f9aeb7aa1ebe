/* SPDX-License-Identifier: ISC */
/* Directories that a program makes, and shares with others by a lock. */
#ifndef LIB_DIRECTORY_H
#define LIB_DIRECTORY_H

#include <stdbool.h>
#include <sys/types.h>

/* The place of a directory, and of one that was made, to be removed perhaps. */
struct directory {
	int parent; /* a descriptor of the directory that it is in */
	char *name; /* there; NULL: none was made */
};

/*
 * The place of what path names, whether it is there or not: without slashes at
 * the end the part behind the last slash.  parent is -1, with errno, when it
 * can't be opened.
 */
void directory_split(const char *path, struct directory *d);

/*
 * Make the directory path and open it: -1 when something is there already.
 * Who may write to its parent can put something else in its place before it
 * is opened: links are not followed, another user's directory not taken for
 * ours.  Dies of all else.
 */
int directory_make(const char *path, mode_t mode, struct directory *made);

/*
 * Whether what the directory has under a name, no link followed, is what fd is
 * open on: who may rename there can have put something else in its place.
 */
bool directory_has(int dir, const char *name, int fd);

/* Whether nothing is in it; not so either where it can't be read. */
bool directory_is_empty(int dir);

/* Close the parent and forget the name. */
void directory_forget(struct directory *made);

/*
 * Have the lock of flock(2) on a directory, which is called path in messages.
 * That another process has it is said after a second.
 */
void directory_lock(int fd, const char *path);

/* The same, shared with others who only look. */
void directory_lock_shared(int fd, const char *path);

#endif
