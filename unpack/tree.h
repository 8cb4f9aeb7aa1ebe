/* SPDX-License-Identifier: ISC */
/*
 * The tree that is being made: its directories, reached by descriptor, and
 * what is known of them.  Nobody else works in it meanwhile.  Paths are
 * relative to the root, "" is the root itself, and no component of them is a
 * symbolic link, "." or "..": tree_path and tree_enter see to that.
 */
#ifndef UNPACK_TREE_H
#define UNPACK_TREE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "unpack/names.h"

#define TREE_CACHE 64 /* directories that are kept open */

struct tree_dir {
	char *name; /* as it was asked for, or NULL */
	char *path; /* the same without symbolic links */
	int fd;
	bool kept; /* marked as below */
};

/* What a path of the current layer is, in names added. */
enum added { ADDED_NOT, ADDED_PASSED, ADDED_ENTRY };

struct tree {
	int root;
	uid_t uid; /* of what this process makes */
	gid_t gid;
	bool single;     /* owners are ignored */
	bool privileged; /* modes don't bind this process */

	struct names directories; /* path to struct directory */

	/* The layer: what it has added is no prey of its whiteouts. */
	bool base; /* there is none below it, so the rest isn't kept */
	struct names added;
	struct timespec now; /* the time of its entry, for missing parents */

	struct tree_dir cache[TREE_CACHE];
	unsigned turn;
	bool outdated; /* the cache: a link or a directory went away */
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
	ENTER_MAKE  /* make what is missing, and mark it as the layer's */
};

/* The directory of a path, good until the next call. */
const struct tree_dir *tree_enter(
    struct tree *t, const char *path, enum enter how);

/* Open what is at a path without links, for O_PATH or reading; or -1. */
int tree_open(const struct tree *t, const char *path, int flags);

/* Close what is cached; set outdated to have it done at the next call. */
void tree_forget(struct tree *t);

/* Join into a buffer of PATH_MAX; dies when it's too long. */
void tree_join(char path[PATH_MAX], const char *dir, const char *name);

/* What the current layer has at a path. */
enum added tree_added(const struct tree *t, const char *path);
void tree_add(struct tree *t, const char *path, enum added how);

#endif
