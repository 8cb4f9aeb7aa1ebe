/* SPDX-License-Identifier: ISC */
/*
 * All the blobs that images need, found from the descriptors of index.json
 * down, each with the size that its descriptors say.
 */
#ifndef LAYOUT_INDEX_CLOSURE_H
#define LAYOUT_INDEX_CLOSURE_H

#include <stdbool.h>
#include <stddef.h>

#include "layout/index/needed.h"
#include "lib/digestmap.h"
#include "lib/walk.h"

struct lenders;
struct store;

struct closure {
	struct walk walk; /* first, for the walk's functions get it */
	struct needed needed;
	bool sparse; /* an index may name what is not here, or in part */
	struct digestmap loose; /* indexes that are taken as far as they go */
	struct digestmap manifests; /* what is known: closure.c's */
};

/* lenders: NULL for none. */
void closure_init(struct closure *c, const struct store *store,
    struct lenders *lenders, bool sparse);

/*
 * Add what d names and all that is below it.  Dies when something is missing,
 * of another size, or not what its media type says.
 */
void closure_add(struct closure *c, const struct descriptor *d);

void closure_free(struct closure *c);

#endif
