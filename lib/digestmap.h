/* SPDX-License-Identifier: ISC */
/*
 * Numbers by digest, for many: a sha256 takes some 50 bytes, all told.  The
 * table is zero at first.  Digests are valid ones, of anybody's choice: which
 * of them fall together depends on random numbers.
 */
#ifndef LIB_DIGESTMAP_H
#define LIB_DIGESTMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/digest.h"

struct digestmap {
	struct digestmap_of {
		unsigned char *keys; /* as bytes, in the order they came in */
		int64_t *values;
		uint32_t *slots; /* 1 + the number of a key; 0: empty */
		size_t n, nslots;
	} of[2]; /* sha256, sha512 */
};

/*
 * The digest's number, which is 0 at first; good until another is added.  Dies
 * without memory.
 */
int64_t *digestmap_add(struct digestmap *m, const char *digest);

/* The same of one that may not be there: NULL. */
int64_t *digestmap_find(const struct digestmap *m, const char *digest);

/* Add a digest: whether it wasn't there.  For those who need no number. */
bool digestmap_first(struct digestmap *m, const char *digest);

/* How many there are; one of them, by its place; all sha512 come last. */
size_t digestmap_count(const struct digestmap *m);
int64_t digestmap_get(
    const struct digestmap *m, size_t i, char digest[DIGEST_MAX]);

void digestmap_free(struct digestmap *m);

#endif
