/* SPDX-License-Identifier: ISC */
/*
 * Bytes that come one run after the other: a pipe, a blob, a decompressor.
 * The run is lent, not copied.
 */
#ifndef LIB_SOURCE_H
#define LIB_SOURCE_H

#include <sys/types.h>

struct source {
	/*
	 * Lend the next run: its length, 1 to max, and its place in *p, good
	 * until the next call.  0 at the end; -1 with a reason in why.
	 */
	ssize_t (*next)(struct source *s, const unsigned char **p, size_t max);
	const char *why;
};

#endif
