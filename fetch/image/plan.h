/* SPDX-License-Identifier: ISC */
/* What is to be fetched for an image, in the order of the stream. */
#ifndef FETCH_IMAGE_PLAN_H
#define FETCH_IMAGE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/image/platforms.h"
#include "lib/descriptor.h"
#include "lib/digestmap.h"

struct document;
struct registry;
struct stock;

/*
 * A reader knows all manifests and configs before the first layer comes, and
 * what is about the image before the image.
 */
enum plan_turn {
	PLAN_ABOUT_DOCUMENTS,
	PLAN_ABOUT_CONFIGS,
	PLAN_ABOUT_LAYERS,
	PLAN_DOCUMENTS,
	PLAN_CONFIGS,
	PLAN_LAYERS,
	PLAN_TURNS
};

struct plan_blob {
	enum plan_turn turn;    /* of them, in the stream */
	struct descriptor desc; /* media type, digest, size */
	char *data;  /* what has been fetched already; NULL: nothing */
	char **urls; /* where it may be had, and NULL; NULL: of the registry */
};

struct plan {
	struct descriptor image;  /* what index.json is to name */
	struct descriptor *about; /* and besides, as about it */
	size_t nabout;
	bool is_about;           /* what is being added */
	char *load;              /* manifest.json; NULL: of an index */
	struct plan_blob *blobs; /* each once */
	size_t nblobs;
	int64_t size;              /* of all blobs together */
	const struct stock *stock; /* of what the reader has; NULL: nothing */
	struct digestmap seen;     /* sizes of blobs */
	size_t held;               /* bytes of manifests */
	bool all;     /* layers that the registry doesn't keep may be missing */
	bool foreign; /* or are asked for at their urls */
};

struct plan_options {
	struct platforms platforms; /* none: this machine's */
	bool all;                   /* every platform of an index */
	bool foreign;   /* layers that the registry lacks by their urls */
	bool referrers; /* and what is about it */
	const char *referrers_type; /* artifactType of that; NULL: any */
};

/*
 * Fetch the manifests of the registry's reference and verify them.  Dies when
 * one is not what its descriptor, its Content-Type or its own mediaType say.
 */
void plan_make(
    struct registry *r, const struct plan_options *options, struct plan *plan);

/* Add a document and all that it names; its bytes become the plan's. */
void plan_add(struct registry *r, struct plan *plan, struct document *d);

/*
 * Add a blob, unless it is there, to what is about the image if that is being
 * added; data becomes the plan's, and may be NULL.  It is the last one then, to
 * which a url may be given.
 */
void plan_blob(struct plan *plan, enum plan_turn turn,
    const struct descriptor *desc, char *data);

/* Put the blobs in the order of their turns, and in each of these as before. */
void plan_order(struct plan *plan);

/* Whether a blob is in it. */
bool plan_has(const struct plan *plan, const struct descriptor *desc);
void plan_free(struct plan *plan);

#endif
