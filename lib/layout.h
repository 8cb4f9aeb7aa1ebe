/* SPDX-License-Identifier: ISC */
/*
 * Image layouts on disk, to be read (image-spec image-layout.md).  A layout
 * older than 1.0, with refs/TAG files instead of index.json, is one too.
 * All of these die when the layout is not as it should be.
 */
#ifndef LIB_LAYOUT_H
#define LIB_LAYOUT_H

#include <stddef.h>

#include "lib/manifest.h"

/* What the user wrote: DIR[:TAG] or DIR[@DIGEST]. */
struct image {
	char *dir;
	char *tag;    /* NULL: not said */
	char *digest; /* valid; NULL: not said */
};

/* The tag begins after the last ':' that has no '/' behind it. */
void image_parse(const char *text, struct image *image);

/* A descriptor of the layout in dir, after a look at its oci-layout file. */
int layout_open(const char *dir);

/* All that the layout names, of index.json or of refs/. */
void layout_index(int layout, struct index *x);

/*
 * The manifest that image names, for a platform where an index stands between
 * (NULL: this machine's).  Without a tag the layout must hold one image only.
 */
void layout_resolve(int layout, const struct image *image,
    const struct platform *want, struct descriptor *manifest);

/* A blob's path below the layout: "blobs/sha256/...".  The caller frees it. */
char *blob_path(const char *digest);

/* Open a blob of d->size bytes; the caller verifies the digest as it reads. */
int blob_open(int layout, const struct descriptor *d);

/* A whole blob of at most max bytes, verified; NUL-terminated, owned. */
char *blob_read(int layout, const struct descriptor *d, size_t max);

#endif
