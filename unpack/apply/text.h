/* SPDX-License-Identifier: ISC */
/* A layer's archive from the ring: diff_ids are of it. */
#ifndef UNPACK_APPLY_TEXT_H
#define UNPACK_APPLY_TEXT_H

#include <stdbool.h>

#include "lib/source.h"

struct applying;
struct ring;
struct tar_reader;

struct text {
	struct source source; /* dies, and is never at fault */
	struct ring *ring;
	struct applying *applying; /* whose progress it is */
	const char *diff_id;       /* NULL: any */
	bool ended;
};

/* Begin a layer's; all is borrowed until text_end. */
void text_begin(
    struct text *t, struct ring *ring, const char *diff_id, struct applying *a);

/*
 * Read what is behind the end of the archive, which is hashed all the same,
 * and die when that, or the digest, isn't as it should be; or of why.
 */
void text_end(struct text *t, struct tar_reader *tar, const char *why);

/* Die of what the ring has said. */
_Noreturn void text_failed(const char *why);

#endif
