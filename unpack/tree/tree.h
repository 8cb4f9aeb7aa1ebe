/* SPDX-License-Identifier: ISC */
/*
 * The tree that is being made: its directories, reached by descriptor, and
 * what is known of them.  Nobody else works in it meanwhile.  Paths are
 * relative to the root, "" is the root itself, and no component of them is a
 * symbolic link, "." or "..": tree_path and tree_enter (enter.h) see to it.
 */
#ifndef UNPACK_TREE_TREE_H
#define UNPACK_TREE_TREE_H

#include <sys/types.h>
#include <time.h>

#include "lib/buf.h"
#include "unpack/tree/pathmap.h"

#define TREE_CACHE 32 /* directories that are kept open */

struct tree_dir {
	char *name; /* as it was asked for, or NULL */
	char *path; /* the same without symbolic links */
	int fd;
	struct name *known; /* in the tree's directories */
	struct name *added; /* what is in it stays; or NULL */
};

/* What the current layer did at a path. */
enum {
	ADDED_PASSED = 1, /* something is in it */
	ADDED_ENTRY = 2,
	ADDED_HIDES = 4 /* nothing of lower layers is there any more */
};

struct tree {
	int root;
	uid_t uid; /* of what this process makes */
	gid_t gid;
	bool single; /* owners are ignored */

	struct pathmap directories; /* all that there were */
	size_t xattrs;              /* bytes of their extended attributes */

	struct pathmap omitted; /* devices, of all layers */

	/* The layer: what it has added is no prey of its whiteouts. */
	bool base; /* there is none below it, so the rest isn't kept */
	struct pathmap added;
	struct buf late;     /* whiteouts that wait for the layer's end */
	bool linked;         /* AUFS's files wait for their removal there */
	struct timespec now; /* the time of its entry, for missing parents */

	struct tree_dir cache[TREE_CACHE];
	unsigned turn, slots; /* of the cache: few where few may be open */
	bool outdated;        /* the cache: a link or a directory went away */
};

/* Where an entry goes. */
struct place {
	const struct tree_dir *dir;
	const char *name; /* in it */
	char path[PATH_MAX];
};

void tree_init(struct tree *t, int root, bool single);

/* Begin a layer. */
void tree_layer(struct tree *t, bool base);

/*
 * Bring the name of an entry into the form above, links still in it: "", or
 * components with a '/' between them.  Dies when it has "..".
 */
void tree_path(const char *name, char path[PATH_MAX]);

enum enter {
	ENTER_LOOK, /* NULL when there is no such directory */
	ENTER_MAKE  /* the same, but make what is missing: it is the layer's */
};

/* Close what is cached; set outdated to have it done at the next call. */
void tree_forget(struct tree *t);

/* Join into a buffer of PATH_MAX; dies when it's too long. */
void tree_join(char path[PATH_MAX], const char *dir, const char *name);

/* Whether the current layer has something at a path; note that it has. */
bool tree_added(struct tree *t, const char *path);
void tree_add(struct tree *t, const struct place *p);

#endif
