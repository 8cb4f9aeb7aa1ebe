/* SPDX-License-Identifier: ISC */
/*
 * What is known of paths: a tree of their components, each kept once, so that
 * memory is that of the names and not of all the paths that they make.
 */
#ifndef UNPACK_APPLY_PATHMAP_H
#define UNPACK_APPLY_PATHMAP_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define PATHMAP_MAX (128 << 20) /* bytes of one struct pathmap, unless told */

struct dirmeta;
struct item;
struct view_node;

struct name {
	struct name *parent; /* NULL: it is the root */
	struct name *next;   /* in its slot */
	union {              /* what belongs to it, zero at first */
		struct dirmeta *directory;
		struct item *item;
		struct view_node *node;
		unsigned added;
	};
	char text[];
};

/* One of zeros is empty and ready for use. */
struct pathmap {
	struct name *root;
	struct name **slots;
	size_t size, used; /* slots and names */
	size_t bytes, max; /* of all names; 0: PATHMAP_MAX */
	struct pathmap_chunk *chunks;
};

/* The root, whose path is "". */
struct name *pathmap_root(struct pathmap *n);

/*
 * The name text in parent; the name at the end of a path.  Where there is none
 * NULL, or it is made, with those on the way.  Dies at PATHMAP_MAX.
 */
struct name *pathmap_child(
    struct pathmap *n, struct name *parent, const char *text, bool make);
struct name *pathmap_path(struct pathmap *n, const char *path, bool make);

/* Memory that lasts as long as the names and counts as theirs: zeros. */
void *pathmap_memory(struct pathmap *n, size_t size);

/* Its path; dies when that is too long. */
void name_path(const struct name *name, char path[PATH_MAX]);

/* Forget all of them; what belongs to them is the caller's. */
void pathmap_clear(struct pathmap *n);

#endif
