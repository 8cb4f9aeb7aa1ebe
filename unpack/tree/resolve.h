/* SPDX-License-Identifier: ISC */
/* Names with symbolic links in them, or with parts that are missing. */
#ifndef UNPACK_TREE_RESOLVE_H
#define UNPACK_TREE_RESOLVE_H

#include "unpack/tree/tree.h"

/*
 * The directory name in t->directories, its links followed as if the root were
 * "/", and a descriptor of it.  NULL when it isn't there; ENTER_MAKE makes it,
 * also where a link points to nothing or a lower layer has a file.
 */
struct name *resolve(struct tree *t, const char *name, enum enter how, int *fd);

#endif
