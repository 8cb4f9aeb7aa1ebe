/* SPDX-License-Identifier: ISC */
/* Extended attributes, but for those that the host gives by itself. */
#ifndef UNPACK_OBJECTS_ATTRS_H
#define UNPACK_OBJECTS_ATTRS_H

#include <stdbool.h>

struct tar_entry;
struct tree;

/* Whether a file has those of the entry and no other, the kept owner aside. */
bool attrs_said(const struct tree *t, const struct tar_entry *e, int fd);

/* Whether two files have the same, also of kept owners. */
bool attrs_alike(int a, int b);

#endif
