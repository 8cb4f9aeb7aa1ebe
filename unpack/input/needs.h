/* SPDX-License-Identifier: ISC */
/* The blobs that an image's layers are made of, by digest and by name. */
#ifndef UNPACK_INPUT_NEEDS_H
#define UNPACK_INPUT_NEEDS_H

#include <stddef.h>

struct manifest;

struct need {
	const char *digest; /* the manifest's */
	size_t last;        /* of the layers that are made of it */
};

struct needs {
	struct need *list; /* each digest once, in their order; it stays */
	size_t n;
};

/* Of the manifest, whose digests are borrowed. */
void needs_init(struct needs *needs, const struct manifest *m);

/* The need of a digest, of a member blobs/ALGORITHM/DIGITS; or NULL. */
const struct need *needs_digest(const struct needs *needs, const char *digest);
const struct need *needs_member(const struct needs *needs, const char *name);

#endif
