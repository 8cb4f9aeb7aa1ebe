/* SPDX-License-Identifier: ISC */
/*
 * Blobs of a layout that may be missing or wrong.  A layout of image-spec 0.3
 * has blobs/ALGORITHM-DIGITS in place of blobs/ALGORITHM/DIGITS; here both are
 * looked for.
 */
#ifndef LIB_BLOB_H
#define LIB_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct descriptor;
struct stat;

/* The two names below the layout, owned by the caller. */
char *blob_path(const char *digest);
char *blob_path_flat(const char *digest);

/*
 * Of blobs/, which is open, the directory that the blob belongs into, made if
 * need be; -1 with errno.  Some layouts have a link there, to blobs that they
 * share: it is followed if only this user or root could have made it.
 */
int blob_directory(int blobs, const char *digest);

/*
 * A descriptor of the blob's file that can't be read from (O_PATH), and what
 * it is; -1 with errno when there is none.
 */
int blob_lookup(int layout, const char *digest, struct stat *st);

/* The same, to read from; -1 with EINVAL when it is no regular file. */
int blob_lookup_open(int layout, const char *digest, struct stat *st);

/* Its bytes; -1 when there is no regular file. */
int64_t blob_size(int layout, const char *digest);

/*
 * The whole of a blob of at most max bytes, verified, NUL-terminated, owned.
 * NULL with a reason, good until the next call: "isn't there".
 */
char *blob_load(
    int layout, const struct descriptor *d, size_t max, const char **why);

/*
 * The descriptor of a blob that is a manifest or an index, by what it holds; it
 * has nothing but media type, digest and size.  False when it is neither, or
 * isn't there, or is damaged.
 */
bool blob_describe(int layout, const char *digest, struct descriptor *d);

/* The same of its bytes, which are verified. */
bool blob_describe_text(
    const char *text, size_t len, const char *digest, struct descriptor *d);

/*
 * Hold a manifest or an index, for as long as this process lives, so that
 * oci-layout-gc leaves what it names: a shared flock(2) on the file,
 * oci-layout(5).  False when it has just been removed.
 */
bool blob_hold(int layout, const char *digest);

#endif
