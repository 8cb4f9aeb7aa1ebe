/* SPDX-License-Identifier: ISC */
/*
 * A layer of its own, a sink: a directory in the form that an overlay mount
 * has as a lower one on top of the layers below, which are such directories,
 * too.  What the layer passes through is looked up in those, what it hides
 * there gets a whiteout, character device 0:0, or is in an opaque directory.
 */
#ifndef UNPACK_LAYERS_STACK_H
#define UNPACK_LAYERS_STACK_H

#include "unpack/apply/sink.h"
#include "unpack/layers/view.h"
#include "unpack/tree/tree.h"

struct stack {
	struct sink sink;
	struct tree tree; /* of this layer alone */
	struct view view; /* of all */
	struct {
		struct sink_dir dir;
		struct view_node *node;
		char path[PATH_MAX];
	} entered;
};

/*
 * Begin: the attribute is that of opaque directories, single as tree_init has
 * it.
 */
void stack_init(struct stack *s, const char *opaque, bool single);

/*
 * Begin a layer, the last of n directories, base first, which is empty.  They
 * stay the caller's.
 */
void stack_layer(struct stack *s, const int *layers, size_t n);

/* What it does as a sink. */
extern const struct sink_verbs stack_verbs;

/* The directory of a node, made in this layer if it has none. */
const struct tree_dir *stack_dir(struct stack *s, struct view_node *node);

/*
 * Make an empty directory there, of that entry, or give the one that the
 * layers have that entry.  Whatever else is there goes.
 */
void stack_directory(struct stack *s, struct view_node *dir, const char *name,
    const struct tar_entry *e);

#endif
