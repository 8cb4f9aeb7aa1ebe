/* SPDX-License-Identifier: ISC */
/* The blobs that images need. */
#include "layout/index/needed.h"

#include "layout/store/lender.h"
#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/descriptor.h"
#include "lib/die.h"

void
needed_init(
    struct needed *n, const struct store *store, struct lenders *lenders)
{
	*n = (struct needed){.store = store, .lenders = lenders};
}

bool
needed_here(const struct needed *n, const struct descriptor *d)
{
	return store_staged(n->store, d->digest) >= 0 ||
	       store_has(n->store, d->digest);
}

bool
needed_at_hand(const struct needed *n, const struct descriptor *d)
{
	return needed_here(n, d) || (n->lenders && lenders_have(n->lenders, d));
}

/* What the layout has, or in place of a damaged one what a lender has. */
static enum taken
layout_take(struct needed *n, const struct descriptor *d)
{
	bool lent = n->lenders && lenders_have(n->lenders, d);
	enum taken taken = TAKEN_DAMAGED;

	if (!lent || blob_size(n->store->layout, d->digest) == d->size)
		taken = store_take(n->store, d);
	if (taken != TAKEN_DAMAGED)
		return taken;
	if (!lent || !lenders_give(n->lenders, n->store, d))
		die("%s: %s: the layout's copy of this blob is damaged; remove "
		    "it, and have it written again",
		    n->store->path, d->digest);
	warn("%s: %s: the layout's copy of this blob is damaged; --cache's "
	     "takes its place",
	    n->store->path, d->digest);
	return TAKEN_STAGED;
}

/* A blob that is met for the first time: its size, once it is staged. */
static int64_t
take(struct needed *n, const struct descriptor *d, const char *parent)
{
	int64_t size = store_staged(n->store, d->digest);
	enum taken taken = TAKEN_STAGED;

	if (size >= 0)
		return *digestmap_add(&n->staged, d->digest) = size;
	if (store_has(n->store, d->digest))
		taken = layout_take(n, d);
	else if (!n->lenders || !lenders_give(n->lenders, n->store, d))
		die("%s: %s names this blob, but neither the stream nor the "
		    "layout has it%s",
		    d->digest, parent,
		    n->lenders && n->lenders->n ? ", nor has --cache" : "");
	*digestmap_add(
	    taken == TAKEN_STAGED ? &n->staged : &n->old, d->digest) = d->size;
	return d->size;
}

void
needed_add(struct needed *n, const struct descriptor *d, const char *parent)
{
	const int64_t *known = digestmap_find(&n->staged, d->digest);
	int64_t size;

	if (!known)
		known = digestmap_find(&n->old, d->digest);
	size = known ? *known : take(n, d, parent);
	if (size != d->size)
		die("%s: it has %lld bytes, %s says %lld", d->digest,
		    (long long)size, parent, (long long)d->size);
}

void
needed_sync(const struct needed *n)
{
	store_sync(n->store, &n->staged);
}

void
needed_recheck(const struct needed *n)
{
	char digest[DIGEST_MAX];

	for (size_t i = 0; i < digestmap_count(&n->old); i++) {
		digestmap_get(&n->old, i, digest);
		if (!store_has(n->store, digest))
			die("%s: another process has just removed this blob",
			    digest);
	}
}

void
needed_free(struct needed *n)
{
	digestmap_free(&n->staged);
	digestmap_free(&n->old);
}
