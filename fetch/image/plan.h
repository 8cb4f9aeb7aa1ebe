/* SPDX-License-Identifier: ISC */
/* What is to be fetched for an image, in the order of the stream. */
#ifndef FETCH_IMAGE_PLAN_H
#define FETCH_IMAGE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/image/platforms.h"
#include "lib/descriptor.h"

struct registry;

/* A reader knows all manifests and configs before the first layer comes. */
enum plan_turn { PLAN_DOCUMENTS, PLAN_CONFIGS, PLAN_LAYERS, PLAN_TURNS };

struct plan_blob {
	enum plan_turn turn; /* of them, in the stream */
	struct descriptor desc;
	char *data; /* what has been fetched already; NULL: nothing */
};

struct plan {
	struct descriptor image; /* what index.json is to name */
	char *load;              /* manifest.json; NULL: of an index */
	struct plan_blob *blobs; /* each once */
	size_t nblobs;
	int64_t size; /* of all blobs together */
	void *seen;   /* digests of blobs, of tsearch(3) */
	size_t held;  /* bytes of manifests */
	bool all;     /* layers that the registry doesn't keep may be missing */
};

struct plan_options {
	struct platforms platforms; /* none: this machine's */
	bool all;                   /* every platform of an index */
};

/*
 * Fetch the manifests of the registry's reference and verify them.  Dies when
 * one is not what its descriptor, its Content-Type or its own mediaType say.
 */
void plan_make(
    struct registry *r, const struct plan_options *options, struct plan *plan);
void plan_free(struct plan *plan);

#endif
