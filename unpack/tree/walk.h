/* SPDX-License-Identifier: ISC */
/*
 * Everything in a tree, once, what is in a directory before the directory.
 * Each directory is read to its end before one of those in it is entered, so
 * the time is that of the number of names, however they are nested.
 */
#ifndef UNPACK_TREE_WALK_H
#define UNPACK_TREE_WALK_H

#include "unpack/tree/descent.h"

struct walk {
	/*
	 * What to do with a name in the directory dir, whose type (DT_DIR and
	 * so on) may be unknown: 1 to enter it, later; 0, or -1 with errno.
	 */
	int (*each)(struct walk *w, int dir, const char *name, int type);

	/* It is entered, it was left again, or NULL: 0, or -1 with errno. */
	int (*enter)(struct walk *w, const char *name);
	int (*leave)(struct walk *w, int dir, const char *name);

	/* Begin with zeros. */
	struct descent at;
	struct buf names;  /* to be entered */
	struct buf starts; /* where each directory's begin in them */
	char *entries;
};

/*
 * Walk through what is in dir; the other only through the directory name in
 * it.  0, or -1 with errno, after which nothing more is done.
 */
int walk_in(struct walk *w, int dir);
int walk_at(struct walk *w, int dir, const char *name);

#endif
