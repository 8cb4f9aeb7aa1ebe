/* SPDX-License-Identifier: ISC */
/*
 * All that a layout names, in index.json and refs/, held against the files that
 * it has.
 */
#ifndef LAYOUT_INVENTORY_REFERENCES_H
#define LAYOUT_INVENTORY_REFERENCES_H

#include <stdbool.h>

#include "layout/inventory/finding.h"
#include "layout/inventory/inventory.h"
#include "lib/walk.h"

struct references {
	struct walk walk; /* first, for the walk's functions get it */
	int layout;
	struct inventory *files;
	struct findings *findings;   /* NULL: nobody asks */
	struct referrers *referrers; /* NULL: all entries are taken as named */
	const char *image;           /* the name of the one that is looked at */
	bool unknown; /* some document can't be read: who knows what it names */
};

/*
 * Mark the files that something names as needed, and say what is missing or
 * wrong.  The layout is locked, and the files were read since then.  Of r
 * findings and referrers are set.
 */
void references_find(struct references *r, int layout, struct inventory *files);

/* Mark what one more document names. */
void references_add(struct references *r, const struct descriptor *d);
void references_end(struct references *r);

#endif
