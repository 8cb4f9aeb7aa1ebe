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

/* A descriptor of the layout in dir, after a look at its oci-layout file. */
int layout_open(const char *dir);

/* All that the layout names, of index.json or of refs/. */
void layout_index(int layout, struct index *x);

/* A blob's path below the layout: "blobs/sha256/...".  The caller frees it. */
char *blob_path(const char *digest);

/* Open a blob of d->size bytes; the caller verifies the digest as it reads. */
int blob_open(int layout, const struct descriptor *d);

/* A whole blob of at most max bytes, verified; NUL-terminated, owned. */
char *blob_read(int layout, const struct descriptor *d, size_t max);

#endif
