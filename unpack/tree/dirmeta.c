/* SPDX-License-Identifier: ISC */
/* Owners, modes, times and attributes of directories. */
#include "unpack/tree/dirmeta.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "unpack/apply/attributes.h"
#include "unpack/stop.h"
#include "unpack/tree/descent.h"
#include "unpack/tree/metadata.h"
#include "unpack/tree/tree.h"

#define DIRECTORIES_MAX (1 << 20)

struct dirmeta {
	struct name *children; /* directories in it, linked by sibling */
	struct name *sibling;
	struct attributes attributes;
};

static void
dirmeta_new(struct tree *t, struct name *n)
{
	n->directory = xcalloc(1, sizeof *n->directory);
	if (n->parent) {
		n->directory->sibling = n->parent->directory->children;
		n->parent->directory->children = n;
	}
	if (t->directories.used > DIRECTORIES_MAX)
		die("%s: more than %d directories", n->text, DIRECTORIES_MAX);
}

struct name *
dirmeta_entry(struct tree *t, struct name *parent, const char *name,
    const struct tar_entry *e)
{
	struct name *n =
	    parent ? pathmap_child(&t->directories, parent, name, true)
		   : pathmap_root(&t->directories);

	if (!n->directory)
		dirmeta_new(t, n);
	attributes_set(&n->directory->attributes, e, &t->xattrs);
	return n;
}

struct name *
dirmeta_implied(struct tree *t, struct name *parent, const char *name)
{
	struct tar_entry e = attributes_implied(t->sink.now);

	return dirmeta_entry(t, parent, name, &e);
}

struct name *
dirmeta_at(struct tree *t, struct name *parent, const char *name)
{
	struct name *n = pathmap_child(&t->directories, parent, name, false);

	return n ? n : dirmeta_implied(t, parent, name);
}

static void
finish(struct tree *t, int fd, const char *path, const struct attributes *a)
{
	metadata_owner(t, fd, path, a->uid, a->gid);
	/* Before the mode: without privilege one must be allowed to write. */
	metadata_xattrs(t, fd, path, a->xattrs, a->nxattrs);
	if (fchmod(fd, a->mode) < 0)
		diesys("%s", path);
	if (futimens(fd, a->times) < 0)
		diesys("%s", path);
}

/* Where dirmeta_finish is, by descriptor and by name. */
struct finish {
	struct descent at;
	char path[PATH_MAX];
	size_t len;
};

/* Into a directory; false when an upper layer took it away. */
static bool
finish_down(struct finish *f, const char *name)
{
	size_t n = strlen(name), slash = f->len > 0;

	if (f->len + slash + n >= PATH_MAX)
		die("%.60s...: the path is too long", f->path);
	f->path[f->len] = '/';
	memcpy(f->path + f->len + slash, name, n + 1);
	if (descent_down(&f->at, name) == 0) {
		f->len += slash + n;
		return true;
	}
	if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		diesys("%s", f->path);
	return false;
}

/*
 * Leave a directory, then give it its mode: that may forbid this process to
 * enter the directory.
 */
static void
finish_up(struct tree *t, struct finish *f, const struct name *n)
{
	int fd = descent_leave(&f->at);

	f->path[f->len] = 0;
	if (fd < 0)
		diesys("%s", f->path);
	finish(t, fd, f->path, &n->directory->attributes);
	close(fd);
	f->len -= strlen(n->text) + (n->parent->parent != NULL);
}

void
dirmeta_finish(struct tree *t)
{
	struct name *n = pathmap_root(&t->directories), *next;
	struct finish f = {.len = 0};

	descent_init(&f.at, t->root);
	while ((next = n->directory->children) || n->parent) {
		stop_check();
		if (!next) {
			finish_up(t, &f, n);
			n = n->parent;
			continue;
		}
		n->directory->children = next->directory->sibling;
		if (finish_down(&f, next->text))
			n = next;
	}
	finish(t, t->root, ".", &n->directory->attributes);
	descent_end(&f.at);
}
