/* SPDX-License-Identifier: ISC */
/* The images of an index, those of indexes in it included. */
#ifndef FETCH_IMAGE_ENTRIES_H
#define FETCH_IMAGE_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/descriptor.h"
#include "lib/digestmap.h"

struct document;
struct platforms;
struct registry;

struct entries {
	struct descriptor *all; /* in the order of the indexes */
	size_t n;
	size_t left_out;       /* of no known kind of digest */
	bool nested;           /* some are of an index in the index */
	bool asked;            /* the configs of those that say nothing were, */
	struct digestmap seen; /* indexes */
	size_t held;           /* bytes of them */
};

/*
 * What the index d names, and what the indexes in it name that are for one of
 * the platforms or don't say; what says nothing in one of these is for what
 * that index is for.  Dies of a wrong one, and beyond the limits for an image.
 */
void entries_read(struct registry *r, const struct document *d,
    const struct platforms *wanted, struct entries *e);

/*
 * The best for a platform.  Where none that says so is, the configs of those
 * that don't say, up to 32, are asked, and what they say is from then on their
 * platform; unless there is one only, and sure isn't wanted: then it is that.
 * Borrowed; NULL when there is none.
 */
struct descriptor *entries_find(struct registry *r, struct entries *e,
    const struct platform *want, bool sure);

/* " linux/amd64 linux/arm64", of up to 20; owned. */
char *entries_platforms(const struct entries *e);
void entries_free(struct entries *e);

#endif
