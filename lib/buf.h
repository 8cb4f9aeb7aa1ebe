/* SPDX-License-Identifier: ISC */
/* Bytes that grow.  A struct buf of zeros is empty and ready for use. */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stddef.h>

#include "lib/die.h"

struct buf {
	char *data; /* NUL after the last byte once anything was added */
	size_t len; /* without that NUL */
	size_t cap;
};

/* Add a copy of n bytes, a byte, a string, a text as of printf(3); dies. */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *s);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);

/* Make room for n bytes more, to be written at b->data + b->len. */
void *buf_reserve(struct buf *b, size_t n);

/* The text, owned by the caller, "" when nothing was added; b is empty. */
char *buf_take(struct buf *b);
void buf_free(struct buf *b);

#endif
