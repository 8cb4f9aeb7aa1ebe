/* SPDX-License-Identifier: ISC */
/* Whether an object is what its name says. */
#ifndef UNPACK_OBJECTS_CHANGED_H
#define UNPACK_OBJECTS_CHANGED_H

struct object;

/*
 * What of the object, which is open for reading, is another than the entry's:
 * of its content, or of all that links share.  In words, or NULL: nothing.
 */
const char *changed_content(const struct object *o, int fd);
const char *changed_inode(const struct object *o, int fd);

#endif
