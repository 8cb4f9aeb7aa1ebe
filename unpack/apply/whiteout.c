/* SPDX-License-Identifier: ISC */
/* Whiteouts: what lower layers have at a name goes, or all but our own. */
#include "unpack/apply/whiteout.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/enter.h"
#include "unpack/tree/removal.h"
#include "unpack/tree/walk.h"

#define PREFIX ".wh."
#define OPAQUE ".wh..wh..opq"
#define AUFS ".wh..wh."
#define LINKED AUFS "plnk"  /* files that others are hard links to */
#define LATE_MAX (16 << 20) /* bytes of the names of those that wait */

static const char *
last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Whether a path is that of a name or of what is in that directory. */
static bool
is_in(const char *path, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(path, name, n) && (!path[n] || path[n] == '/');
}

bool
whiteout_skips(struct tree *t, const char *path, char type)
{
	if (strncmp(path, AUFS, strlen(AUFS)) || is_in(path, OPAQUE))
		return false;
	if (!is_in(path, LINKED) || !path[strlen(LINKED)] || type != '0')
		return true;
	t->linked = true;
	return false;
}

bool
whiteout_is(const char *path)
{
	const char *last = last_component(path);
	const char *hidden;

	if (is_in(path, LINKED))
		return false;
	for (const char *p = path; p < last; p = strchr(p, '/') + 1)
		if (!strncmp(p, PREFIX, strlen(PREFIX)))
			die("%s: a directory can't have the name of a whiteout",
			    path);
	if (strncmp(last, PREFIX, strlen(PREFIX)))
		return false;
	hidden = last + strlen(PREFIX);
	if (!*hidden || !strcmp(hidden, ".") || !strcmp(hidden, ".."))
		die("%s: a whiteout with no name to hide", path);
	return true;
}

/* A walk through what the layer has in a directory that hides lower ones. */
struct prune {
	struct walk walk;
	struct tree *tree;
	struct name *known, *added;
};

static bool
is_directory(int dir, const char *name, int type)
{
	struct stat st;

	if (type != DT_UNKNOWN)
		return type == DT_DIR;
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

/*
 * Remove the entries of lower layers, and enter the directories of this layer,
 * once each: afterwards they hold nothing of the lower layers.
 */
static int
prune(struct walk *w, int dir, const char *name, int type)
{
	struct prune *p = (struct prune *)w;
	struct name *n = pathmap_child(&p->tree->added, p->added, name, false);

	if (!n || !(n->added & (ADDED_PASSED | ADDED_ENTRY))) {
		p->tree->outdated = true;
		return removal(dir, name) < 0 && errno != ENOENT ? -1 : 0;
	}
	if (n->added & ADDED_HIDES || !is_directory(dir, name, type))
		return 0;
	n->added |= ADDED_HIDES;
	if (!(n->added & ADDED_ENTRY)) /* it is no longer lower's */
		dirmeta_implied(p->tree, p->known, name);
	return 1;
}

static int
prune_enter(struct walk *w, const char *name)
{
	struct prune *p = (struct prune *)w;

	p->known = dirmeta_at(p->tree, p->known, name);
	p->added = pathmap_child(&p->tree->added, p->added, name, true);
	return 0;
}

static int
prune_leave(struct walk *w, int dir, const char *name)
{
	struct prune *p = (struct prune *)w;

	(void)dir;
	(void)name;
	p->known = p->known->parent;
	p->added = p->added->parent;
	return 0;
}

/* Hide what is at name in a directory; all in it, but our own, if NULL. */
static int
hide(struct tree *t, const struct tree_dir *dir, const char *name)
{
	struct prune p = {
	    .walk = {.each = prune, .enter = prune_enter, .leave = prune_leave},
	    .tree = t,
	    .known = dir->known,
	    .added = pathmap_path(&t->added, dir->path, true)};
	struct name *n =
	    name ? pathmap_child(&t->added, p.added, name, true) : p.added;
	int fd, r;

	if (n->added & ADDED_HIDES)
		return 0;
	if (name) {
		r = prune(&p.walk, dir->fd, name, DT_UNKNOWN);
		n->added |= ADDED_HIDES;
		return r > 0 ? walk_at(&p.walk, dir->fd, name) : r;
	}
	n->added |= ADDED_HIDES;
	fd = openat(dir->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 ? -1 : walk_in(&p.walk, fd);
	if (fd >= 0)
		close(fd);
	return r;
}

/* Apply a whiteout, unless it is behind a link and has to wait. */
static void
apply(struct tree *t, const char *path, bool late)
{
	const char *last = last_component(path);
	bool opaque = !strcmp(last, OPAQUE);
	const struct tree_dir *dir;
	char parent[PATH_MAX];

	memcpy(parent, path, (size_t)(last - path));
	parent[last > path ? last - path - 1 : 0] = 0;
	dir = tree_enter(t, parent, ENTER_LOOK);
	if (!dir)
		return;
	if (!late && strcmp(dir->path, parent)) {
		if (t->late.len + strlen(path) >= LATE_MAX)
			die("%s: whiteouts behind links take more than %d MiB",
			    path, LATE_MAX >> 20);
		buf_add(&t->late, path, strlen(path) + 1);
		return;
	}
	if (hide(t, dir, opaque ? NULL : last + strlen(PREFIX)) < 0)
		diesys("%s", path);
}

void
whiteout_apply(struct tree *t, const char *path)
{
	if (!t->base)
		apply(t, path, false);
}

void
whiteout_finish(struct tree *t)
{
	const char *path = t->late.data;

	for (size_t i = 0; i < t->late.len; i += strlen(path + i) + 1)
		apply(t, path + i, true);
	if (!t->linked)
		return;
	if (removal(t->root, LINKED) < 0)
		diesys(LINKED);
	t->linked = false;
}
