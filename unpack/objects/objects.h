/* SPDX-License-Identifier: ISC */
/*
 * The directory that trees share their files in.  Where the file system has
 * reflinks an object is the content of a file, sha256/XX/DIGITS, and each tree
 * has a file of its own with that content.  Else it is a whole file,
 * inode/XX/DIGITS, of which the trees have hard links: the digits are those of
 * its content and of all else that links share (key.h).
 *
 * No lock is needed.  An object appears by a link, when it is complete.  Who
 * uses one compares it with what the layer has, so that nothing depends on
 * what others, or a power failure, have made of it.  Who removes one takes away
 * a name, and trees keep what they have.
 */
#ifndef UNPACK_OBJECTS_OBJECTS_H
#define UNPACK_OBJECTS_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

#define OBJECT_CONTENTS "sha256"
#define OBJECT_INODES "inode"

struct objects {
	const char *path; /* the caller's */
	int dir;
	bool clones; /* reflinks, not hard links */
};

/* Open it, or make it: see shared_open.  Dies when it is something else's. */
void objects_open(struct objects *o, const char *path);

/*
 * Find out how the files of a tree, whose root this is, are shared, and mark
 * the root if they will be hard links.  Dies when it can't be marked.
 */
void objects_begin(struct objects *o, int root);

#endif
