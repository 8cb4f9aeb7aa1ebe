/* SPDX-License-Identifier: ISC */
/* The bytes of a source, in the portions that tar is made of. */
#ifndef LIB_BLOCKS_H
#define LIB_BLOCKS_H

#include <sys/types.h>

#include "lib/buf.h"
#include "lib/tar.h"

struct source;

struct blocks {
	struct source *source;
	const unsigned char *run;       /* what the source lent */
	size_t avail;                   /* bytes of it that weren't taken yet */
	unsigned char block[TAR_BLOCK]; /* one that two runs share */
};

/*
 * Counts are bytes.  All of these return -1 with a reason; where more must
 * come, the end is one.  Begin with zeros and the source.
 */

/* See to it that the run isn't empty: 1; 0 at the end of the source. */
int blocks_fill(struct blocks *b, const char **why);

/* Lend the next bytes, at most n: how many, never 0. */
ssize_t blocks_take(
    struct blocks *b, int64_t n, const unsigned char **p, const char **why);

/* Pass over the next n bytes: 0. */
int blocks_skip(struct blocks *b, int64_t n, const char **why);

/* Pass over n bytes that may be missing at the end: 1; 0 where they are. */
int blocks_pad(struct blocks *b, size_t n, const char **why);

/* Lend the next block: 1; 0 at the end of the source. */
int blocks_next(
    struct blocks *b, const unsigned char **block, const char **why);

/* Replace text by the next n bytes, and a NUL behind them. */
int blocks_text(
    struct blocks *b, int64_t n, struct buf *text, const char **why);

#endif
