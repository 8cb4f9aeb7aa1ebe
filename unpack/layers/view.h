/* SPDX-License-Identifier: ISC */
/*
 * What directories show that lie on top of each other as the lower ones of an
 * overlay mount do: each name is that of the topmost layer that has it, only
 * directories are merged, and whiteouts and opaque directories hide what is
 * below.  Nothing is mounted for that: names are looked up, and remembered.
 */
#ifndef UNPACK_LAYERS_VIEW_H
#define UNPACK_LAYERS_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "unpack/apply/pathmap.h"

/* A layer's directory in this form, and its place in a view's list. */
typedef uint16_t layer_index;

enum view_kind {
	VIEW_MISSING, /* nothing, or hidden */
	VIEW_DIRECTORY,
	VIEW_LINK, /* a symbolic one */
	VIEW_OTHER
};

/* A name in the view. */
struct view_node {
	struct name *name;
	unsigned added; /* by the top layer: sink.h's ADDED_ */
	unsigned seen;  /* when it was looked up; 0: it has to be */
	unsigned since; /* what of its children was seen before is outdated */
	enum view_kind kind;
	bool white;          /* missing, for the top layer has a whiteout */
	size_t n, room;      /* of the layers that have it: one, */
	layer_index *layers; /* or a directory's, the topmost first */
};

struct view {
	const int *layers;  /* their directories, the base first; borrowed */
	size_t n;           /* the last is the top, which changes */
	const char *opaque; /* the extended attribute */
	struct pathmap names;
	struct view_node *root;
	layer_index *found; /* while one is looked up */
	unsigned now;
};

/* Begin with layers, forgetting all others. */
void view_begin(struct view *v, const int *layers, size_t n);

/*
 * The node of a name in a directory that was looked up, itself not yet; and
 * looked up.  Of a path without links, NULL when there is none.
 */
struct view_node *view_child(
    struct view *v, const struct view_node *dir, const char *name);
struct view_node *view_look(
    struct view *v, const struct view_node *dir, const char *name);
struct view_node *view_path(struct view *v, const char *path);

/* The top layer has changed what is at the node. */
void view_changed(struct view *v, struct view_node *node);

/* Whether the top layer has what is there; whether others have of it, too. */
bool view_on_top(const struct view *v, const struct view_node *node);
bool view_below(const struct view *v, const struct view_node *node);

/* What is at the node, O_PATH, in the topmost layer that has it.  Dies. */
int view_open(const struct view *v, const struct view_node *node);

#endif
