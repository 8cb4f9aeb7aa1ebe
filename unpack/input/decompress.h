/* SPDX-License-Identifier: ISC */
/*
 * Layers as they were before compression (image-spec layer.md, "+gzip Media
 * Types").  A format is three functions, so that a faster one can replace it.
 */
#ifndef UNPACK_INPUT_DECOMPRESS_H
#define UNPACK_INPUT_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct source;
struct decompress;

struct format {
	/* Make state; false when there is no memory. */
	bool (*open)(struct decompress *d);
	/* Fill out; less than n only at the end; -1 with a reason in why. */
	ssize_t (*read)(struct decompress *d, unsigned char *out, size_t n);
	void (*close)(struct decompress *d);
};

extern const struct format format_plain, format_gzip, format_zstd;

/* The format of a layer's media type, OCI's or Docker's; NULL: none. */
const struct format *format_find(const char *media_type);

/*
 * What begins like that, for messages: gzip, bzip2 and so on; NULL where that
 * is f, or unknown.
 */
const char *format_other(
    const struct format *f, const unsigned char *p, size_t n);

struct decompress {
	const struct format *format;
	struct source *in;
	const unsigned char *run; /* what in lent and wasn't used yet */
	size_t avail;
	void *state;
	const char *why;
};

/* See to it that avail isn't 0: 1; 0 at the end of in; -1 with a reason. */
int decompress_fill(struct decompress *d);

#endif
