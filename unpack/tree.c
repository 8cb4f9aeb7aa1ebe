/* SPDX-License-Identifier: ISC */
/* Directories of the tree by name: a cache of descriptors, openat2(2). */
#include "unpack/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "unpack/resolve.h"

void
tree_init(struct tree *t, int root, bool single)
{
	*t = (struct tree){.root = root, .single = single};
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

int
tree_open(const struct tree *t, const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC),
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		       RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV};

	return (int)syscall(
	    SYS_openat2, t->root, *path ? path : ".", &how, sizeof how);
}

enum added
tree_added(const struct tree *t, const char *path)
{
	if (t->base)
		return ADDED_ENTRY;
	return (enum added)(uintptr_t)names_get(&t->added, path);
}

void
tree_add(struct tree *t, const char *path, enum added how)
{
	void **value;

	if (t->base)
		return;
	value = names_at(&t->added, path);
	if ((uintptr_t)*value < how)
		*value = (void *)(uintptr_t)how;
}

/* The layer has something in this directory: it and those above stay. */
static void
keep(struct tree *t, struct tree_dir *d)
{
	char path[PATH_MAX], *slash;

	d->kept = true;
	if (t->base)
		return;
	strcpy(path, d->path);
	while (*path && !tree_added(t, path)) {
		tree_add(t, path, ADDED_PASSED);
		slash = strrchr(path, '/');
		*(slash ? slash : path) = 0;
	}
}

static struct tree_dir *
cached(struct tree *t, const char *name)
{
	/* The last one first: entries of a directory follow each other. */
	for (unsigned i = 0; i < TREE_CACHE; i++) {
		struct tree_dir *d =
		    &t->cache[(t->turn + TREE_CACHE - i) % TREE_CACHE];

		if (d->name && !strcmp(d->name, name))
			return d;
	}
	return NULL;
}

static struct tree_dir *
cache(struct tree *t, const char *name, char *path, int fd)
{
	struct tree_dir *d = &t->cache[++t->turn % TREE_CACHE];

	if (d->name) {
		close(d->fd);
		free(d->name);
		free(d->path);
	}
	*d = (struct tree_dir){xstrdup(name), path, fd, false};
	return d;
}

const struct tree_dir *
tree_enter(struct tree *t, const char *name, enum enter how)
{
	struct tree_dir *d;
	char *path;
	int fd;

	if (t->outdated)
		tree_forget(t);
	d = cached(t, name);
	if (!d) {
		fd = tree_open(t, name, O_PATH | O_DIRECTORY);
		path = fd < 0 ? resolve(t, name, how, &fd) : xstrdup(name);
		if (!path)
			return NULL;
		d = cache(t, name, path, fd);
	}
	if (how == ENTER_MAKE && !d->kept)
		keep(t, d);
	return d;
}
