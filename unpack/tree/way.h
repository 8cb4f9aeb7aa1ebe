/* SPDX-License-Identifier: ISC */
/* The way to a directory of the tree on disk, by descriptor. */
#ifndef UNPACK_TREE_WAY_H
#define UNPACK_TREE_WAY_H

#include "unpack/tree/tree.h"

/*
 * The directory name in t->directories, as resolve.h has it, and a descriptor
 * of it; or NULL.
 */
struct name *way(struct tree *t, const char *name, enum enter how, int *fd);

#endif
