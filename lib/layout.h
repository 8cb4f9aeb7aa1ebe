/* SPDX-License-Identifier: ISC */
/*
 * Image layouts on disk, to be read (image-spec image-layout.md).  A layout
 * older than 1.0, with refs/TAG files instead of index.json and perhaps
 * without oci-layout, is one too.
 * All of these die when the layout is not as it should be.
 */
#ifndef LIB_LAYOUT_H
#define LIB_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/blob.h"
#include "lib/digest.h"
#include "lib/manifest.h"

#define LAYOUT_FILE_MAX (64 << 10) /* bytes of oci-layout, of refs/TAG */

/*
 * A file below the directory dir of a layout, NUL-terminated and owned; NULL
 * when there is none.  Dies of what is no regular file, without opening it,
 * and of more than max bytes.  flags: 0 or O_NOFOLLOW.
 */
char *layout_file(
    int dir, const char *path, int flags, size_t max, size_t *len);

/* The text of a file oci-layout: 0, or -1 with a reason. */
int layout_version_check(const char *text, size_t len, const char **why);

/* Whether the directory, which is named dir in messages, is a layout. */
void layout_check(int layout, const char *dir);

/* A descriptor of the layout in dir, after layout_check. */
int layout_open(const char *dir);

/* All that the layout names, of index.json or of refs/. */
void layout_index(int layout, struct index *x);

/*
 * A blob's digest by its path below the layout, for names in an archive; false
 * for what is no such path.
 */
bool blob_digest(const char *path, char digest[DIGEST_MAX]);

/* Whether there is a file for the blob. */
bool blob_is_there(int layout, const struct descriptor *d);

/* Open a blob of d->size bytes; the caller verifies the digest as it reads. */
int blob_open(int layout, const struct descriptor *d);

/* A whole blob of at most max bytes, verified; NUL-terminated, owned. */
char *blob_read(int layout, const struct descriptor *d, size_t max);

#endif
