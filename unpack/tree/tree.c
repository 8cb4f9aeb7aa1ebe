/* SPDX-License-Identifier: ISC */
/* The tree that is being made. */
#include "unpack/tree/tree.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "unpack/tree/dirmeta.h"

#define OTHERS 24 /* descriptors beside those in the cache */

void
tree_init(struct tree *t, int root, bool single)
{
	struct rlimit files;

	*t = (struct tree){
	    .sink.verbs = &tree_verbs, .root = root, .single = single};
	t->slots = TREE_CACHE;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    files.rlim_cur < TREE_CACHE + OTHERS)
		t->slots =
		    files.rlim_cur > OTHERS ? files.rlim_cur - OTHERS : 1;
	t->uid = geteuid();
	t->gid = getegid();
	dirmeta_implied(t, NULL, "");
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
		free(d->dir.path);
		d->name = NULL;
	}
	t->outdated = false;
}

bool
tree_added(struct tree *t, const char *path)
{
	const struct name *n;

	if (!t->sink.layer)
		return true;
	n = pathmap_path(&t->added, path, false);
	return n && n->added & (ADDED_PASSED | ADDED_ENTRY);
}

void
tree_add(struct tree *t, const struct place *p)
{
	if (t->sink.layer)
		pathmap_child(&t->added, tree_dir(p)->added, p->name, true)
		    ->added |= ADDED_ENTRY;
}
