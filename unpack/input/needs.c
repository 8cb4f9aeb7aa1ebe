/* SPDX-License-Identifier: ISC */
/* The blobs that an image's layers are made of. */
#include "unpack/input/needs.h"

#include <stdlib.h>
#include <string.h>

#include "lib/digest.h"
#include "lib/manifest.h"
#include "lib/mem.h"

static int
need_compare(const void *a, const void *b)
{
	const struct need *x = a, *y = b;
	int r = strcmp(x->digest, y->digest);

	return r ? r : (x->last > y->last) - (x->last < y->last);
}

void
needs_init(struct needs *needs, const struct manifest *m)
{
	struct need *all = xcalloc(m->nlayers + 1, sizeof *all);

	*needs = (struct needs){.list = all};
	for (size_t i = 0; i < m->nlayers; i++)
		all[i] = (struct need){m->layers[i].digest, i};
	qsort(all, m->nlayers, sizeof *all, need_compare);
	for (size_t i = 0; i < m->nlayers; i++)
		if (i + 1 == m->nlayers ||
		    strcmp(all[i].digest, all[i + 1].digest))
			all[needs->n++] = all[i];
}

static int
need_match(const void *digest, const void *need)
{
	return strcmp(digest, ((const struct need *)need)->digest);
}

const struct need *
needs_digest(const struct needs *needs, const char *digest)
{
	return bsearch(
	    digest, needs->list, needs->n, sizeof *needs->list, need_match);
}

const struct need *
needs_member(const struct needs *needs, const char *name)
{
	char digest[DIGEST_MAX], *slash;

	if (strncmp(name, "blobs/", 6) || strlen(name + 6) >= sizeof digest)
		return NULL;
	strcpy(digest, name + 6);
	slash = strchr(digest, '/');
	if (slash)
		*slash = ':';
	return needs_digest(needs, digest);
}
