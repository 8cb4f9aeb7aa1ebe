/* SPDX-License-Identifier: ISC */
/*
 * Standard output, where the stream goes.  What libcurl brings in small pieces
 * is gathered, for a write costs as much as copying 100 KiB, and wakes the
 * reader each time.
 */
#ifndef FETCH_IMAGE_OUTLET_H
#define FETCH_IMAGE_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outlet {
	int fd;
	bool wait;   /* the reader is waited for, however long it takes */
	bool blocks; /* writing does so where the reader is slow */
	char *held;  /* bytes that were gathered: n, from at on */
	size_t at, n;
};

/* All of these die when the reader has gone or the disk is full. */
void outlet_open(struct outlet *o, int fd);
void outlet_close(struct outlet *o);

/* Any number of bytes; where they don't fit the reader is waited for. */
void outlet_write(struct outlet *o, const void *p, size_t n);

/*
 * Up to n bytes of a file: how many, 0 when the reader isn't ready for any
 * and isn't to be waited for.
 */
size_t outlet_copy(struct outlet *o, int file, int64_t offset, size_t n);

/* Whether a piece of libcurl's can be written without waiting long. */
bool outlet_ready(struct outlet *o);

/* Write what was gathered, as far as that goes without waiting: all of it? */
bool outlet_flush(struct outlet *o);

/* See whether the reader is still there, which no write may show for long. */
void outlet_look(const struct outlet *o);

#endif
