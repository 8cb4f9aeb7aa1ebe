/* SPDX-License-Identifier: ISC */
/* A blob that is hashed as it is read. */
#ifndef UNPACK_INPUT_BLOB_H
#define UNPACK_INPUT_BLOB_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/source.h"

struct descriptor;
struct hashing;

struct blob_source {
	struct source source;
	struct source *in;
	struct hashing *hashing;
	int64_t left;
};

/*
 * Lend what in lends, and have it hashed.  Instead of its end comes an error
 * when the size isn't that of the descriptor.
 */
void blob_init(struct blob_source *b, struct source *in,
    const struct descriptor *d, struct hashing *h);

#endif
