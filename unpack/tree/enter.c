/* SPDX-License-Identifier: ISC */
/* Directories of the tree by name: a cache of descriptors. */
#include "unpack/tree/enter.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/inside.h"
#include "lib/mem.h"
#include "unpack/tree/tree.h"
#include "unpack/tree/way.h"

/* The directory at a path without links in it, or -1. */
static int
tree_open(const struct tree *t, const char *path)
{
	return inside_open(t->root, path, O_PATH | O_DIRECTORY);
}

/* The layer has something in this directory: it and those above stay. */
static void
keep(struct tree *t, struct tree_dir *d)
{
	if (!t->sink.layer)
		return;
	d->added = pathmap_path(&t->added, d->dir.path, true);
	for (struct name *n = d->added; n; n = n->parent) {
		if (n->added & (ADDED_PASSED | ADDED_ENTRY))
			break;
		n->added |= ADDED_PASSED;
	}
}

static struct tree_dir *
cached(struct tree *t, const char *name)
{
	/* The last one first: entries of a directory follow each other. */
	for (unsigned i = 0; i < t->slots; i++) {
		struct tree_dir *d =
		    &t->cache[(t->turn + t->slots - i) % t->slots];

		if (d->name && !strcmp(d->name, name))
			return d;
	}
	return NULL;
}

/* Keep a directory, whose descriptor becomes ours, for the next call. */
static struct tree_dir *
cache(struct tree *t, const char *name, struct name *known, int fd)
{
	struct tree_dir *d = &t->cache[++t->turn % t->slots];
	char path[PATH_MAX];

	if (d->name) {
		close(d->fd);
		free(d->name);
		free(d->dir.path);
	}
	name_path(known, path);
	*d = (struct tree_dir){{xstrdup(path)}, xstrdup(name), fd, known, NULL};
	return d;
}

const struct tree_dir *
tree_enter(struct tree *t, const char *name, enum enter how)
{
	struct name *known;
	struct tree_dir *d;
	int fd;

	if (t->outdated)
		tree_forget(t);
	d = cached(t, name);
	if (!d) {
		fd = tree_open(t, name);
		known =
		    fd < 0 ? NULL : pathmap_path(&t->directories, name, false);
		if (fd < 0)
			known = way(t, name, how, &fd);
		if (!known)
			return NULL;
		d = cache(t, name, known, fd);
	}
	if (how == ENTER_MAKE && !d->added)
		keep(t, d);
	return d;
}
