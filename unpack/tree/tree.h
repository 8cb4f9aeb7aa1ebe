/* SPDX-License-Identifier: ISC */
/*
 * The tree on disk that is being made, a sink: its directories, reached by
 * descriptor, and what is known of them.  Nobody else works in it meanwhile.
 */
#ifndef UNPACK_TREE_TREE_H
#define UNPACK_TREE_TREE_H

#include <sys/types.h>

#include "unpack/apply/pathmap.h"
#include "unpack/apply/sink.h"

struct objects;

#define TREE_CACHE 32 /* directories that are kept open */

struct tree_dir {
	struct sink_dir dir;
	char *name; /* as it was asked for, or NULL */
	int fd;
	struct name *known; /* in the tree's directories */
	struct name *added; /* what is in it stays; or NULL */
};

struct tree {
	struct sink sink;
	int root;
	uid_t uid; /* of what this process makes */
	gid_t gid;
	bool single;             /* all is the caller's, see owner.h */
	struct objects *objects; /* that files are shared in; NULL: none */

	struct pathmap directories; /* all that there were */
	size_t xattrs;              /* bytes of their extended attributes */

	struct pathmap omitted; /* devices, of all layers */

	/* The layer: what it has added is no prey of its whiteouts. */
	struct pathmap added; /* not of the base */

	struct tree_dir cache[TREE_CACHE];
	unsigned turn, slots; /* of the cache: few where few may be open */
	bool outdated;        /* the cache: a link or a directory went away */
};

/* The directory of a place of the tree. */
static inline const struct tree_dir *
tree_dir(const struct place *p)
{
	return (const struct tree_dir *)p->dir;
}

void tree_init(struct tree *t, int root, bool single);

/* What it does as a sink. */
extern const struct sink_verbs tree_verbs;

/* Close what is cached; set outdated to have it done at the next call. */
void tree_forget(struct tree *t);

/* Whether the current layer has something at a path; note that it has. */
bool tree_added(struct tree *t, const char *path);
void tree_add(struct tree *t, const struct place *p);

#endif
