/* SPDX-License-Identifier: ISC */
/* The bytes of one blob, from its spool to the stream. */
#ifndef FETCH_IMAGE_COPY_H
#define FETCH_IMAGE_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/digest.h"

struct download;
struct outlet;

/* Of zeros at the beginning of each blob. */
struct copy {
	int64_t n;    /* bytes that were */
	bool doubted; /* others can change the file, so they are hashed again */
	struct digest digest;
};

/*
 * Copy a piece of what can be read of d's spool, which is more than c->n: false
 * when the reader isn't ready for any.  Dies, before the stream has its end,
 * when the whole of a doubted blob wasn't what had been verified.
 */
bool copy_some(struct copy *c, struct outlet *o, const struct download *d);

#endif
