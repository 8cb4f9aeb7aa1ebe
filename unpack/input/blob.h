/* SPDX-License-Identifier: ISC */
/* A blob that is verified as it is read. */
#ifndef UNPACK_INPUT_BLOB_H
#define UNPACK_INPUT_BLOB_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/digest.h"
#include "lib/source.h"

struct descriptor;

struct blob_source {
	struct source source;
	struct source *in;
	const struct descriptor *descriptor;
	struct digest digest;
	int64_t left;
	bool ended; /* and verified */
};

/*
 * Lend what in lends, and hash it.  Instead of its end comes an error when
 * size or digest aren't those of the descriptor.
 */
void blob_init(
    struct blob_source *b, struct source *in, const struct descriptor *d);

#endif
