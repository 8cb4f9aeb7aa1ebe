/* SPDX-License-Identifier: ISC */
/* The maps of sparse files in tar archives. */
#ifndef LIB_SPARSE_H
#define LIB_SPARSE_H

#include "lib/tarentry.h"

struct blocks;

#define SPARSE_MAX 65536 /* segments of a file */

struct sparse {
	struct tar_segment *segments;
	size_t n;
	int64_t data;    /* bytes of all segments */
	int64_t pending; /* an offset that waits for its length, or -1 */
};

/* Forget the segments, keep the memory. */
void sparse_clear(struct sparse *s);

/*
 * The next number of a list in which offset and length take turns.  0, or -1
 * with a reason: out of order, overlapping, too many.
 */
int sparse_add_number(struct sparse *s, int64_t number, const char **why);

/*
 * GNU's own format, type 'S': four pairs in the header h, more of them in
 * blocks after it.  *size is that of the file unpacked.
 */
int sparse_read_old(struct sparse *s, struct blocks *b, const unsigned char *h,
    int64_t *size, const char **why);

/*
 * PAX format 1.0: the member's data begins with the count of pairs and the
 * pairs, a decimal number a line, up to a whole block.  *left, the bytes of
 * data, gets less by these blocks.
 */
int sparse_read_text(
    struct sparse *s, struct blocks *b, int64_t *left, const char **why);

/* Whether the map fits a file of size bytes that has data bytes archived. */
int sparse_check(
    const struct sparse *s, int64_t size, int64_t data, const char **why);

#endif
