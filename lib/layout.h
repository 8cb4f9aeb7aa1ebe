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
 * The layout's directory, or one below it, as messages name it, good until the
 * next call: who opened it may be far from who finds a fault in it.
 */
const char *layout_name(int dir);

/*
 * A file below the directory dir of a layout, to be read from; -1 when there is
 * none.  Dies of what is no regular file, without opening it.  flags: 0 or
 * O_NOFOLLOW.
 */
int layout_file_open(int dir, const char *path, int flags);

/*
 * The same as a text, NUL-terminated and owned; NULL when there is none.  Dies
 * of more than max bytes.
 */
char *layout_file(
    int dir, const char *path, int flags, size_t max, size_t *len);

/* The text of a file oci-layout: 0, or -1 with a reason. */
int layout_version_check(const char *text, size_t len, const char **why);

/* Whether the directory, which is named dir in messages, is a layout. */
void layout_check(int layout, const char *dir);

/* A descriptor of the layout in dir, after layout_check. */
int layout_open(const char *dir);

/*
 * Read index.json, if there is one, entry by entry, and what else it says to
 * x, of zeros: 1, 0 without one, or -1 with a reason.  The caller frees both.
 */
int layout_index_read(int layout, int flags, struct index_reader *r,
    struct index *x, const char **why);

/*
 * All that the layout names, of index.json or of refs/; or only those that want
 * says yes to.
 */
typedef bool layout_want(const void *of, const struct descriptor *d);
void layout_index(
    int layout, struct index *x, layout_want *want, const void *of);

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
