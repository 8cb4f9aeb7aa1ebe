/* SPDX-License-Identifier: ISC */
/* Directories of the tree by name: a cache of descriptors. */
#include "unpack/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/inside.h"
#include "lib/mem.h"
#include "unpack/resolve.h"

#define OTHERS 24 /* descriptors beside those in the cache */

void
tree_init(struct tree *t, int root, bool single)
{
	struct rlimit files;

	*t = (struct tree){.root = root, .single = single};
	t->slots = TREE_CACHE;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    files.rlim_cur < TREE_CACHE + OTHERS)
		t->slots =
		    files.rlim_cur > OTHERS ? files.rlim_cur - OTHERS : 1;
	t->uid = geteuid();
	t->gid = getegid();
	t->privileged = !t->uid;
}

void
tree_forget(struct tree *t)
{
	for (size_t i = 0; i < TREE_CACHE; i++) {
		struct tree_dir *d = &t->cache[i];

		if (!d->name)
			continue;
		close(d->fd);
		free(d->name);
		free(d->path);
		d->name = NULL;
	}
	t->outdated = false;
}

void
tree_layer(struct tree *t, bool base)
{
	t->base = base;
	names_clear(&t->added);
	t->late.len = 0;
	tree_forget(t);
}

void
tree_path(const char *name, char path[PATH_MAX])
{
	size_t len = 0;

	for (const char *p = name; *p; p += strspn(p, "/")) {
		size_t n = strcspn(p, "/");

		if (n == 2 && !memcmp(p, "..", 2))
			die("%s: a name may not have \"..\" in it", name);
		if (n && !(n == 1 && *p == '.')) {
			if (len + n + 2 > PATH_MAX)
				die("%.60s...: the name is longer than %d "
				    "bytes",
				    name, PATH_MAX - 1);
			if (len)
				path[len++] = '/';
			memcpy(path + len, p, n);
			len += n;
		}
		p += n;
	}
	path[len] = 0;
}

void
tree_join(char path[PATH_MAX], const char *dir, const char *name)
{
	size_t n = strlen(dir);

	if (n + strlen(name) + 2 > PATH_MAX)
		die("%.60s...: the path is longer than %d bytes", dir,
		    PATH_MAX - 1);
	memmove(path, dir, n);
	if (n)
		path[n++] = '/';
	strcpy(path + n, name);
}

/* The directory at a path without links in it, or -1. */
static int
tree_open(const struct tree *t, const char *path)
{
	return inside_open(t->root, path, O_PATH | O_DIRECTORY);
}

bool
tree_added(struct tree *t, const char *path)
{
	const struct name *n;

	if (t->base)
		return true;
	n = names_path(&t->added, path, false);
	return n && n->added & (ADDED_PASSED | ADDED_ENTRY);
}

void
tree_add(struct tree *t, const struct place *p)
{
	if (!t->base)
		names_child(&t->added, p->dir->added, p->name, true)->added |=
		    ADDED_ENTRY;
}

/* The layer has something in this directory: it and those above stay. */
static void
keep(struct tree *t, struct tree_dir *d)
{
	if (t->base)
		return;
	d->added = names_path(&t->added, d->path, true);
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
		free(d->path);
	}
	name_path(known, path);
	*d = (struct tree_dir){xstrdup(name), xstrdup(path), fd, known, NULL};
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
		    fd < 0 ? NULL : names_path(&t->directories, name, false);
		if (fd < 0)
			known = resolve(t, name, how, &fd);
		if (!known)
			return NULL;
		d = cache(t, name, known, fd);
	}
	if (how == ENTER_MAKE && !d->added)
		keep(t, d);
	return d;
}
