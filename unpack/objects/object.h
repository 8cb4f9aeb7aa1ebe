/* SPDX-License-Identifier: ISC */
/* One object of those that trees share, for one file of a tree. */
#ifndef UNPACK_OBJECTS_OBJECT_H
#define UNPACK_OBJECTS_OBJECT_H

#include <stdbool.h>

#include "lib/digest.h"
#include "unpack/objects/key.h"

struct place;
struct tar_entry;
struct tree;

struct object {
	struct tree *tree;
	const struct place *place;
	const struct tar_entry *entry;
	char content[DIGEST_MAX];
	char key[KEY_MAX]; /* where it is, in the directory of objects */
	bool stale;        /* what is there isn't to be used */
};

/* The name of an entry's object, by the digest of its content. */
void object_name(struct object *o);

/*
 * The object, open for reading, if it is there and is what its name says: all
 * of it is read.  -1: there is none, or none that can be used.  One that has
 * changed is warned of.
 */
int object_find(struct object *o);

/*
 * Give a file the object's content, in place of none or the same; false: it
 * can't be, and the file is as it was.
 */
bool object_clone(int fd, int object);

/* Make a link to the object at the place; false: it can't be, or is gone. */
bool object_link(const struct object *o, int object);

/* The file at the place becomes the object; fd is that file's.  Dies. */
void object_add(const struct object *o, int fd);

#endif
