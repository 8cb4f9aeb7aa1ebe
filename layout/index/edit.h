/* SPDX-License-Identifier: ISC */
/*
 * index.json, read entry by entry and, if anything is put, staged anew.  All
 * but the entries is as it was.  All of these die.
 */
#ifndef LAYOUT_INDEX_EDIT_H
#define LAYOUT_INDEX_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/manifest.h"

struct store;

struct edit {
	const struct store *store;
	/* Called for each entry, which is not in the new one unless put. */
	void (*entry)(struct edit *e, const struct index_entry *old);
	struct index_reader reader;
	FILE *to;
	size_t n; /* entries that were put; 0: nothing is written */
};

/*
 * Go through the layout's index.json; without one through refs/, or nothing,
 * which is false.  The layout is locked.
 */
bool edit_read(struct edit *e);

/* Write an entry behind those that were put before. */
void edit_put(struct edit *e, const char *text, size_t len);

/* All are there: the new index.json is on the disk when this returns. */
void edit_stage(struct edit *e);
void edit_end(struct edit *e);

#endif
