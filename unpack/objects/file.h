/* SPDX-License-Identifier: ISC */
/* A file of the tree that is shared with others. */
#ifndef UNPACK_OBJECTS_FILE_H
#define UNPACK_OBJECTS_FILE_H

#include <stdbool.h>

struct place;
struct tar_entry;
struct tar_reader;
struct tree;

/*
 * Make an entry's file of an object, or an object of the file.  false, and
 * nothing is done: it isn't worth it, or has holes.  Dies when it can't be
 * done.
 */
bool object_file(struct tree *t, const struct place *p,
    const struct tar_entry *e, struct tar_reader *data);

#endif
