/* SPDX-License-Identifier: ISC */
/*
 * Digests as the image specification writes them (image-spec descriptor.md,
 * "Digests"): sha256 and sha512, lower-case hexadecimal.
 */
#ifndef LIB_DIGEST_H
#define LIB_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/mbedtls.h"

#define DIGEST_MAX (sizeof "sha512:" + 128) /* with its NUL */

struct digest {
	bool sha512;
	union {
		mbedtls_sha256_context c256;
		mbedtls_sha512_context c512;
	};
};

/* "mbedtls/2.28.3", of the library that runs. */
const char *digest_library(void);

/*
 * Whether s is sha256: and 64 digits or sha512: and 128.  Ask before a digest
 * from outside becomes a part of a path or a URL.
 */
bool digest_valid(const char *s);

/*
 * The digest that a file's name ALGORITHM-DIGITS says, into DIGEST_MAX bytes;
 * false: it says none.
 */
bool digest_of_name(const char *name, char *digest);

/* The digits of a valid digest; the algorithm's name is what is before them. */
const char *digest_hex(const char *s);

/* Begin a digest by the algorithm of the valid digest like; NULL: sha256. */
void digest_init(struct digest *d, const char *like);
void digest_update(struct digest *d, const void *p, size_t n);

/*
 * Take n bytes into either, which takes little longer than one of them where
 * digest_pair is true of the two, and as long as both where it isn't.
 */
void digest_update_two(
    struct digest *a, const void *p, struct digest *b, const void *q, size_t n);
bool digest_pair(const struct digest *a, const struct digest *b);

void digest_final(struct digest *d, char text[DIGEST_MAX]);

/* All at once. */
void digest_of(
    const void *p, size_t n, const char *like, char text[DIGEST_MAX]);

#endif
