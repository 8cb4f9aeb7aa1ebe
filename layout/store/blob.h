/* SPDX-License-Identifier: ISC */
/* One blob on its way from the stream to the staging directory. */
#ifndef LAYOUT_STORE_BLOB_H
#define LAYOUT_STORE_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/digest.h"

struct store;

struct blob {
	int fd;   /* of the staged file; -1: none is written */
	int twin; /* the layout's copy, as long as it is the same */
	const struct store *store;
	const char *name; /* the digest it must have */
	struct digest digest;
	int64_t said;       /* bytes that it is to have */
	off_t size, pushed; /* that came; of those, on their way to disk */
};

/*
 * s is NULL for one that is verified and goes nowhere.
 * A blob that the layout has already is held against that copy, and written
 * from where they differ on.  size is what it is said to have.  Room for that
 * is made at once, so that a full disk is known before the bytes have come.
 */
void blob_begin(
    struct blob *b, const struct store *s, const char *digest, int64_t size);
void blob_write(struct blob *b, const unsigned char *p, size_t n);

/* Whether the bytes have the digest; blob_end dies when they haven't. */
bool blob_is_whole(struct blob *b);
void blob_end(struct blob *b);

#endif
