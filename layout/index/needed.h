/* SPDX-License-Identifier: ISC */
/* The blobs that images need: each is found, verified and staged. */
#ifndef LAYOUT_INDEX_NEEDED_H
#define LAYOUT_INDEX_NEEDED_H

#include <stdbool.h>

#include "lib/digestmap.h"

struct descriptor;
struct lenders;
struct store;

struct needed {
	const struct store *store;
	struct lenders *lenders; /* whence what is not here is taken, or NULL */
	/* Sizes by digest: of what is to be moved into the layout, or is a */
	struct digestmap staged; /* second link to what it has, */
	struct digestmap old;    /* and of what can have none, verified */
};

/* Both are borrowed until needed_free; lenders may be NULL. */
void needed_init(
    struct needed *n, const struct store *store, struct lenders *lenders);

/* Whether a blob is here: in the stream, or in the layout. */
bool needed_here(const struct needed *n, const struct descriptor *d);

/* Whether it is, or can be taken of a lender. */
bool needed_at_hand(const struct needed *n, const struct descriptor *d);

/*
 * Add a blob, which parent names.  Dies when it is nowhere, not whole, or of
 * another size.
 */
void needed_add(
    struct needed *n, const struct descriptor *d, const char *parent);

/* Bring all of them to the disk. */
void needed_sync(const struct needed *n);

/* Dies when another process has removed one of the old. */
void needed_recheck(const struct needed *n);
void needed_free(struct needed *n);

#endif
