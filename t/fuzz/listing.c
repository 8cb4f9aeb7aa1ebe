/* SPDX-License-Identifier: ISC */
/* What is in a tree, whoever made it, in the same words. */
#include "t/fuzz/listing.h"

#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/mem.h"

struct listed {
	char *path, *what;
	char type;
	uint64_t id;
};

void
listing_add(struct listing *l, const char *path, char type, const char *what,
    uint64_t id)
{
	l->all = xreallocarray(l->all, l->n + 1, sizeof *l->all);
	l->all[l->n++] =
	    (struct listed){xstrdup(path), xstrdup(what), type, id};
}

static int
compare(const void *a, const void *b)
{
	return strcmp(
	    ((const struct listed *)a)->path, ((const struct listed *)b)->path);
}

char *
listing_text(struct listing *l)
{
	struct buf b = {0};
	size_t first;

	qsort(l->all, l->n, sizeof *l->all, compare);
	for (size_t i = 0; i < l->n; i++) {
		for (first = 0; l->all[first].id != l->all[i].id; first++)
			;
		buf_addf(&b, "%c /%s %s", l->all[i].type, l->all[i].path,
		    l->all[i].what);
		if (first < i)
			buf_addf(&b, " = /%s", l->all[first].path);
		buf_addc(&b, '\n');
	}
	return buf_take(&b);
}
