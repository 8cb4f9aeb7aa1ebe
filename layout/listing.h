/* SPDX-License-Identifier: ISC */
/*
 * What the images of a layout are made of, and which blobs several of them
 * use.  A blob that is missing or wrong is counted, never fatal.
 */
#ifndef LAYOUT_LISTING_H
#define LAYOUT_LISTING_H

#include <stddef.h>
#include <stdint.h>

#include "lib/walk.h"

/* A part of an image: its manifest for a platform. */
struct listing_part {
	char *digest;
	char *platform; /* "linux/arm/v7"; "" when nothing says it */
	size_t layers, missing;
	int64_t size, shared; /* bytes of all blobs, as descriptors say */
};

struct listing_image {
	struct listing_part *parts;
	size_t nparts;
	size_t missing;       /* blobs that aren't there, or not whole */
	int64_t size, shared; /* bytes; of those, in other images too */
};

struct listing {
	struct walk walk; /* first, for the walk's functions get it */
	int layout;
	void *blobs;
	const char *root;            /* the image that is looked at, borrowed */
	size_t turn;                 /* the image, from 1 */
	struct listing_image *image; /* that is filled; NULL: none so far */
	size_t parts;                /* of all images */
};

/* Find out which blobs the images of x share. */
void listing_begin(struct listing *l, int layout, const struct index *x);

/* What an image of x is made of; the caller frees it. */
void listing_read(
    struct listing *l, const struct descriptor *d, struct listing_image *image);
void listing_image_free(struct listing_image *image);
void listing_end(struct listing *l);

#endif
