/* SPDX-License-Identifier: ISC */
/* The tree that is being made, and the form of names in it. */
#include "unpack/tree/tree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/die.h"

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
	pathmap_clear(&t->added);
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
			die("%s: the name has \"..\" in it", name);
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

bool
tree_added(struct tree *t, const char *path)
{
	const struct name *n;

	if (t->base)
		return true;
	n = pathmap_path(&t->added, path, false);
	return n && n->added & (ADDED_PASSED | ADDED_ENTRY);
}

void
tree_add(struct tree *t, const struct place *p)
{
	if (!t->base)
		pathmap_child(&t->added, p->dir->added, p->name, true)->added |=
		    ADDED_ENTRY;
}
