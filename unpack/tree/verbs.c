/* SPDX-License-Identifier: ISC */
/* What the tree on disk does as a sink. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/die.h"
#include "lib/tarentry.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/enter.h"
#include "unpack/tree/hide.h"
#include "unpack/tree/make.h"
#include "unpack/tree/removal.h"
#include "unpack/tree/tree.h"

static void
layer(struct sink *s)
{
	struct tree *t = (struct tree *)s;

	pathmap_clear(&t->added);
	tree_forget(t);
}

static const struct sink_dir *
enter(struct sink *s, const char *path, enum enter how)
{
	return (const struct sink_dir *)tree_enter((struct tree *)s, path, how);
}

static void
root(struct sink *s, const struct tar_entry *e)
{
	dirmeta_entry((struct tree *)s, NULL, "", e);
}

static void
entry(struct sink *s, const struct place *p, const struct tar_entry *e,
    struct tar_reader *data)
{
	struct tree *t = (struct tree *)s;

	tree_add(t, p);
	switch (e->type) {
	case '0':
		make_file(t, p, e, data);
		break;
	case '2':
		make_symlink(t, p, e);
		break;
	case '5':
		make_directory(t, p, e);
		break;
	default:
		make_device(t, p, e);
	}
}

static bool
is_directory(const struct place *p)
{
	struct stat st;

	return fstatat(tree_dir(p)->fd, p->name, &st, AT_SYMLINK_NOFOLLOW) ==
		   0 &&
	       S_ISDIR(st.st_mode);
}

/* A directory's to itself says that it is there, as the name of a file in it
 * does, and isn't an entry for it. */
static void
hard_link(struct sink *s, const struct place *p, const struct tar_entry *e,
    const struct place *target)
{
	struct tree *t = (struct tree *)s;

	(void)e;
	make_link(t, p, target);
	if (!strcmp(p->path, target->path) && is_directory(p))
		enter(s, target->path, ENTER_MAKE);
	else
		tree_add(t, p);
}

static void
whiteout(struct sink *s, const struct sink_dir *dir, const char *name)
{
	if (hide((struct tree *)s, (const struct tree_dir *)dir, name) < 0)
		diesys("%s%s%s", dir->path, *dir->path ? "/" : "", name);
}

static void
opaque(struct sink *s, const struct sink_dir *dir)
{
	if (hide((struct tree *)s, (const struct tree_dir *)dir, NULL) < 0)
		diesys("%s", dir->path);
}

static void
discard(struct sink *s, const struct place *p)
{
	((struct tree *)s)->outdated = true; /* once this is done */
	if (removal(tree_dir(p)->fd, p->name) < 0 && errno != ENOENT)
		diesys("%s", p->path);
}

static void
finish(struct sink *s)
{
	dirmeta_finish((struct tree *)s);
}

const struct sink_verbs tree_verbs = {
    layer, enter, root, entry, hard_link, whiteout, opaque, discard, finish};
