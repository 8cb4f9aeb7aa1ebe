/* SPDX-License-Identifier: ISC */
/*
 * Entries of index.json without a name that are about something (subject), as
 * signatures are: those that are about nothing which the layout names.
 */
#ifndef LAYOUT_INVENTORY_REFERRERS_H
#define LAYOUT_INVENTORY_REFERRERS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "lib/digestmap.h"

struct descriptor;
struct references;

struct referrers {
	time_t before; /* of files that are younger nothing is doubted */
	struct referrer {
		struct descriptor *entry;
		char *subject; /* its digest */
		bool named;    /* directly or not, by what has a place itself */
		size_t next;   /* 1 + the place of another about it; 0: none */
	} * all;
	size_t n;
	struct digestmap about; /* by subject, 1 + the place of the last */
	struct digestmap met;   /* what is named, be it there or not */
	size_t *ready, nready;  /* those that are named, and to be added */
};

/*
 * Whether an entry of index.json may be one: it is noted, and not to be added
 * to the references before referrers_settle.
 */
bool referrers_note(struct referrers *f, const struct references *r,
    const struct descriptor *entry);

/* The references name this; what is about it may have a place by that. */
void referrers_meet(struct referrers *f, const char *digest);

/*
 * All else was added: add those that are about some of it, what is about them,
 * and so on.
 */
void referrers_settle(struct referrers *f, struct references *r);

/* The digests of those that are left, n of them; each borrowed. */
const char **referrers_left(const struct referrers *f, size_t *n);
void referrers_free(struct referrers *f);

#endif
