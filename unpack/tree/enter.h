/* SPDX-License-Identifier: ISC */
/* Directories of the tree by name: a cache of descriptors. */
#ifndef UNPACK_TREE_ENTER_H
#define UNPACK_TREE_ENTER_H

#include "unpack/tree/tree.h"

/* The directory of a path, good until the next call. */
const struct tree_dir *tree_enter(
    struct tree *t, const char *path, enum enter how);

#endif
