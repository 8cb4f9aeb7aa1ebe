/* SPDX-License-Identifier: ISC */
/* The image stream, written: see oci-stream(5). */
#ifndef FETCH_IMAGE_STREAM_H
#define FETCH_IMAGE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "fetch/image/outlet.h"

struct descriptor;

struct stream {
	struct outlet out;
	unsigned made; /* which directories it has */
};

/*
 * Begin with oci-layout, an index.json that names the image, then the n
 * others about it, and a manifest.json of the text load, unless that is NULL.
 * All of these die when the reader has gone or the disk is full.
 */
void stream_open(struct stream *s, int fd, const struct descriptor *image,
    const struct descriptor *about, size_t n, const char *load);

/* What is around the bytes of a blob, which go to out: header and padding. */
void stream_blob(struct stream *s, const struct descriptor *blob);
void stream_pad(struct stream *s, int64_t size);

/* The end, which tells the reader that all of it was verified. */
void stream_end(struct stream *s);

#endif
