/* SPDX-License-Identifier: ISC */
/*
 * The way down into a tree and up again, by descriptor.  However deep it is,
 * only some descriptors are open: a directory that was closed is reached
 * again as ".." of the one below it, and has to be the same.  So whoever moves
 * a directory away meanwhile stops the walk, and doesn't lead it elsewhere.
 */
#ifndef UNPACK_TREE_DESCENT_H
#define UNPACK_TREE_DESCENT_H

#include "lib/buf.h"

#define DESCENT_OPEN 16

struct descent {
	int top;               /* where it began, the caller's to close */
	size_t depth;          /* of where it is; 0 is the top */
	size_t first;          /* the least depth, but for 0, that is open */
	int fds[DESCENT_OPEN]; /* that of depth N in N % DESCENT_OPEN */
	struct buf ids;        /* of the directories of depth 1 and more */
};

/* Begin at top; the end closes what was opened on the way. */
void descent_init(struct descent *d, int top);
void descent_end(struct descent *d);

/* The descriptor of where it is, for reading. */
int descent_fd(const struct descent *d);

/*
 * Into the directory name, which is made its owner's to read and write; up
 * again.  0, or -1 with errno: ELOOP or ENOTDIR when it is no directory, EBUSY
 * when something is mounted there, ESTALE when the parent is another by now.
 */
int descent_down(struct descent *d, const char *name);
int descent_up(struct descent *d);

/* Up, and the descriptor of where it was, which is the caller's; or -1. */
int descent_leave(struct descent *d);

#endif
