/* SPDX-License-Identifier: ISC */
/* Blobs of a layout that nothing needs. */
#ifndef LAYOUT_INVENTORY_GARBAGE_H
#define LAYOUT_INVENTORY_GARBAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "layout/inventory/inventory.h"
#include "layout/inventory/references.h"

struct store;

struct garbage {
	const char *dir; /* as messages name the layout */
	int layout;
	struct inventory files;
	struct references references; /* with referrers, or not */
	time_t before;                /* files that are older may go */
	bool dry;                     /* nothing is removed */
	bool failed;                  /* something that should go couldn't */
	size_t young;                 /* files that may not, */
	int64_t young_bytes;
	void (*gone)(
	    const struct file *f); /* called for each that is removed */
	struct store *store; /* the same layout, for its index.json; or NULL */
};

/*
 * Remove what nothing needs from the layout, which is locked.  Needed is what
 * index.json and refs/ name, and what a manifest or index names that a reader
 * holds (blob_hold) or that is young.  Dies, before anything is removed, when
 * it can't be known what is needed.  What can't be removed is warned of.  With
 * a store, the referrers that are left lose their entries before.
 */
void garbage_remove(struct garbage *g);

#endif
