/* SPDX-License-Identifier: ISC */
/* The image stream, written: see oci-stream(5). */
#ifndef FETCH_IMAGE_STREAM_H
#define FETCH_IMAGE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct descriptor;

struct stream {
	int fd;
	unsigned made; /* which directories it has */
	bool wait; /* a full pipe is waited for; else stream_ready says so */
};

/*
 * Begin with oci-layout, an index.json that names the image, then the n
 * others about it, and a manifest.json of the text load, unless that is NULL.
 * All of these die when the reader has gone or the disk is full.
 */
void stream_open(struct stream *s, int fd, const struct descriptor *image,
    const struct descriptor *about, size_t n, const char *load);

/* A blob: its header, its bytes in any number of pieces, its padding. */
void stream_blob(struct stream *s, const struct descriptor *blob);
void stream_write(struct stream *s, const void *p, size_t n);
void stream_copy(struct stream *s, int file, int64_t offset, size_t n);
void stream_pad(struct stream *s, int64_t size);

/* The end, which tells the reader that all of it was verified. */
void stream_end(struct stream *s);

/* Whether a piece can be written without waiting long for the reader. */
bool stream_ready(const struct stream *s);

#endif
