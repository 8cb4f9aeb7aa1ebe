/* SPDX-License-Identifier: ISC */
/*
 * What refers to a manifest: signatures, bills of materials and the like
 * (distribution-spec, "Listing Referrers", "Referrers Tag Schema").
 */
#ifndef FETCH_IMAGE_REFERRERS_H
#define FETCH_IMAGE_REFERRERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/descriptor.h"

struct document;
struct registry;

struct referrers {
	const char *type; /* only those of this artifactType; NULL: all */
	/* Whether the registry has an interface for them, once that's known. */
	enum { REFERRERS_UNKNOWN, REFERRERS_ASKED, REFERRERS_TAGGED } by;
	struct descriptor *all; /* of the last digest that was asked for */
	size_t n;
};

/*
 * All that the registry lists as about the manifest of that digest, into *list
 * of zeros but for the type.  There is none where it knows neither the
 * interface nor the tag.
 */
void referrers_fetch(
    struct registry *r, const char *digest, struct referrers *list);

/*
 * The manifest of one, and whether it is there and says that it is about that
 * digest; else it is left out, with a warning.
 */
bool referrers_document(struct registry *r, struct descriptor *referrer,
    const char *digest, struct document *d);
void referrers_free(struct referrers *list);

#endif
