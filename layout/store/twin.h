/* SPDX-License-Identifier: ISC */
/*
 * A blob that comes in a stream and that the layout has, too: what comes is
 * held against what is there, so that nothing need be written.
 */
#ifndef LAYOUT_STORE_TWIN_H
#define LAYOUT_STORE_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct store;

/*
 * The layout's file, if it is of that size, staged by a second link: open to
 * be read, or -1 where there is none, can be no such link, or others could
 * change or not read it.
 */
int twin_open(const struct store *s, const char *digest, int64_t size);

/* Whether its bytes from at on are these; can't be read is no. */
bool twin_is_same(int fd, off_t at, const unsigned char *p, size_t n);

/* Whether it has that many bytes and no more. */
bool twin_ends(int fd, off_t size);

#endif
