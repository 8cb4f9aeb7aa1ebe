/* SPDX-License-Identifier: ISC */
/* The way to a directory of the tree, each by the descriptor of the last. */
#include "unpack/tree/way.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "unpack/apply/path.h"
#include "unpack/apply/resolve.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/removal.h"

#define FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct tree_way {
	struct way way;
	struct tree *tree;
	struct name *at; /* so far */
	int fd;
};

static void
go(struct tree_way *w, int fd, struct name *to)
{
	if (fd < 0)
		diesys("%s", w->way.name);
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	w->at = to;
}

static void
top(struct way *way)
{
	struct tree_way *w = (struct tree_way *)way;

	go(w, openat(w->tree->root, ".", FLAGS),
	    pathmap_root(&w->tree->directories));
}

/* Nobody else moves directories in the tree. */
static void
up(struct way *way)
{
	struct tree_way *w = (struct tree_way *)way;

	if (w->at->parent)
		go(w, openat(w->fd, "..", FLAGS), w->at->parent);
}

static enum step
down(struct way *way, const char *name, char target[PATH_MAX])
{
	struct tree_way *w = (struct tree_way *)way;
	int fd = openat(w->fd, name, FLAGS);
	ssize_t n;

	if (fd >= 0) {
		go(w, fd, dirmeta_at(w->tree, w->at, name));
		return STEP_DOWN;
	}
	if (errno == ENOENT)
		return STEP_MISSING;
	if (errno != ENOTDIR && errno != ELOOP)
		diesys("%s", way->name);
	n = readlinkat(w->fd, name, target, PATH_MAX - 1);
	if (n >= 0) {
		target[n] = 0;
		return STEP_LINK;
	}
	if (errno != EINVAL)
		diesys("%s", way->name);
	return STEP_OTHER;
}

/* What is missing, or what a lower layer has as something else. */
static void
make(struct way *way, const char *name, bool exists)
{
	struct tree_way *w = (struct tree_way *)way;
	char path[PATH_MAX];

	if (exists) {
		name_path(w->at, path);
		path_join(path, path, name);
		if (tree_added(w->tree, path))
			die("%s: %s is not a directory", way->name, path);
		if (removal(w->fd, name) < 0)
			diesys("%s", path);
	}
	if (mkdirat(w->fd, name, 0700) < 0)
		diesys("%s: %s", way->name, name);
	go(w, openat(w->fd, name, FLAGS),
	    dirmeta_implied(w->tree, w->at, name));
	if (w->tree->sink.layer) {
		name_path(w->at, path);
		pathmap_path(&w->tree->added, path, true)->added |= ADDED_ANEW;
	}
}

struct name *
way(struct tree *t, const char *name, enum enter how, int *fd)
{
	static const struct way_steps steps = {top, up, down, make};
	struct tree_way w = {
	    .way = {.steps = &steps, .name = name}, .tree = t, .fd = -1};

	if (resolve(&w.way, how)) {
		*fd = w.fd;
		return w.at;
	}
	close(w.fd);
	return NULL;
}
