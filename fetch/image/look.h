/* SPDX-License-Identifier: ISC */
/* What a registry has, on standard output, without fetching an image. */
#ifndef FETCH_IMAGE_LOOK_H
#define FETCH_IMAGE_LOOK_H

#include <stdbool.h>
#include <stddef.h>

struct platforms;
struct registry;

/* One of them is asked for. */
struct look {
	bool manifest, config, digest, tags, referrers;
	bool raw;         /* to a terminal, too, as it came */
	const char *type; /* artifactType of the referrers; NULL: any */
};

/* How many of them are, and the option of the first; NULL: none is. */
size_t look_count(const struct look *look, const char **option);

/*
 * Print the manifest or index that the registry's reference names, or that of
 * the platforms where any are named, as the bytes that were hashed; or the
 * config of the image for the platform, this machine's where none is named; or
 * the digest of the manifest or index, without fetching it where it need not
 * be; or all tags as JSON; or the descriptors of what refers to that digest, a
 * line each.
 */
void look_print(struct registry *r, const struct look *look,
    const struct platforms *platforms);

#endif
