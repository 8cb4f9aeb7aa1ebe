/* SPDX-License-Identifier: ISC */
/* What lower layers have at a name goes, or all but the layer's own. */
#include "unpack/tree/hide.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unpack/tree/dirmeta.h"
#include "unpack/tree/removal.h"
#include "unpack/tree/tree.h"
#include "unpack/tree/walk.h"

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
	bool hidden;

	if (!n || !(n->added & (ADDED_PASSED | ADDED_ENTRY))) {
		p->tree->outdated = true;
		return removal(dir, name) < 0 && errno != ENOENT ? -1 : 0;
	}
	if (!is_directory(dir, name, type))
		return 0;
	if (!(n->added & (ADDED_ENTRY | ADDED_ANEW)))
		dirmeta_implied(p->tree, p->known, name);
	hidden = n->added & ADDED_HIDES;
	n->added |= ADDED_HIDES | ADDED_ANEW;
	return !hidden;
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

int
hide(struct tree *t, const struct tree_dir *dir, const char *name)
{
	struct prune p = {
	    .walk = {.each = prune, .enter = prune_enter, .leave = prune_leave},
	    .tree = t,
	    .known = dir->known,
	    .added = pathmap_path(&t->added, dir->dir.path, true)};
	struct name *n =
	    name ? pathmap_child(&t->added, p.added, name, true) : p.added;
	int fd, r;

	/* One that was opaque before is hidden by its name all the same. */
	if (name) {
		r = prune(&p.walk, dir->fd, name, DT_UNKNOWN);
		n->added |= ADDED_HIDES;
		return r > 0 ? walk_at(&p.walk, dir->fd, name) : r;
	}
	if (n->added & ADDED_HIDES)
		return 0;
	n->added |= ADDED_HIDES;
	fd = openat(dir->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 ? -1 : walk_in(&p.walk, fd);
	if (fd >= 0)
		close(fd);
	return r;
}
