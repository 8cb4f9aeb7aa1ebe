/* SPDX-License-Identifier: ISC */
/*
 * What an archive's index.json and the documents that have come so far name:
 * so a blob that nothing can name any more need not be staged.
 */
#ifndef LAYOUT_INDEX_EXPECTED_H
#define LAYOUT_INDEX_EXPECTED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/digestmap.h"
#include "lib/walk.h"

struct store;

struct expected {
	struct walk walk; /* first, for the walk's functions get it */
	const struct store *store;
	struct digestmap blobs; /* that are named; numbers are expected.c's */
	size_t awaited;         /* documents of those that haven't come */
	bool known;             /* the archive's index.json has come */
	unsigned archive;
	struct digestmap strays; /* what is staged, and wasn't named then */
};

void expected_begin(struct expected *e, const struct store *store);

/* From here on it is of this archive, which has an index.json of its own. */
void expected_archive(struct expected *e, unsigned number);

/* The index.json, which is known to be one. */
void expected_index(struct expected *e, const char *text, size_t len);

/* Whether a blob that comes is named, or may be by what is still to come. */
bool expected_wants(const struct expected *e, const char *digest);

/*
 * It is staged.  When all documents that are named have come, what nothing
 * names is removed.
 */
void expected_came(struct expected *e, const char *digest);
void expected_end(struct expected *e);

#endif
