/* SPDX-License-Identifier: ISC */
/* What lower layers have in the tree, removed. */
#ifndef UNPACK_TREE_HIDE_H
#define UNPACK_TREE_HIDE_H

struct tree;
struct tree_dir;

/*
 * Hide what is at name in a directory; all in it, but the current layer's, if
 * NULL.  0, or -1 with errno.
 */
int hide(struct tree *t, const struct tree_dir *dir, const char *name);

#endif
