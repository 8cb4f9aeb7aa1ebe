/* SPDX-License-Identifier: ISC */
/*
 * A file with holes in GNU's format 1.0: its map, and its data behind that.
 * GNU tar takes the data of each segment for whole blocks and others don't, so
 * every segment but the last is made one, by zeros of the hole behind it; and
 * where that is too small, one with the next.
 */
#ifndef UNPACK_OUTPUT_HOLES_H
#define UNPACK_OUTPUT_HOLES_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct tar_entry;

struct holes {
	const struct tar_entry *entry; /* borrowed, up to the data's end */
	size_t at;                     /* the segment, */
	int64_t done;                  /* bytes of it, */
	int64_t begin; /* and where that begins which it is one with */
};

/* Begin, and put the map into an empty buffer: how much data comes then. */
int64_t holes_begin(
    struct holes *h, const struct tar_entry *e, struct buf *map);

/*
 * How many bytes of the segment's data are to come at once, at most n, which
 * isn't 0; and the zeros that are to be written behind them.
 */
size_t holes_take(struct holes *h, size_t n, size_t *zeros);

#endif
