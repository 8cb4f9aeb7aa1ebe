/* SPDX-License-Identifier: ISC */
/*
 * Digests in a text of any length that comes in runs: whatever stands around
 * them, and with the escapes of JSON undone.  For what is too large for a tree,
 * or is JSON by its name only.
 */
#ifndef LIB_DIGESTSCAN_H
#define LIB_DIGESTSCAN_H

#include <stddef.h>

#include "lib/digest.h"

struct digest_scan {
	void (*found)(void *of, const char *digest); /* the caller's */
	void *of;
	char text[DIGEST_MAX];
	size_t len;    /* of text: what may be an algorithm, then a digest */
	size_t want;   /* what a digest has; 0: none has begun */
	int escape;    /* characters of an escape that are still to come */
	unsigned code; /* the value of those that came */
};

/* found is called for each digest that ends in the run. */
void digest_scan_run(struct digest_scan *s, const char *p, size_t n);

/* At the end of the text, where one may end, too. */
void digest_scan_end(struct digest_scan *s);

#endif
