/* SPDX-License-Identifier: ISC */
/*
 * Bytes that come one run after the other: a pipe, a blob, a decompressor.
 * The run is lent, not copied.
 */
#ifndef LIB_SOURCE_H
#define LIB_SOURCE_H

#include <stdint.h>
#include <sys/types.h>

struct source {
	/*
	 * Lend the next run: its length and its place in *p, good until the
	 * next call and as many after that as lasting says.  0 at the end,
	 * then and ever after; -1 with a reason in why.
	 */
	ssize_t (*next)(struct source *s, const unsigned char **p);
	unsigned lasting;
	const char *why;
};

/* The bytes of a descriptor, which stays the caller's to close. */
struct source_fd {
	struct source source;
	int fd;
	int64_t read;       /* bytes that were lent */
	unsigned char *buf; /* for the caller to free */
	unsigned turn;      /* of the runs it has room for: one and lasting */
};

/* Have as many runs after the last stay good; dies without memory. */
void source_fd_init(struct source_fd *s, int fd, unsigned lasting);

#endif
