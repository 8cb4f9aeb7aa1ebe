/* SPDX-License-Identifier: ISC */
/* The bytes of a source, in the portions that tar is made of. */
#include "lib/blocks.h"

#include <string.h>

#include "lib/source.h"

int
blocks_fill(struct blocks *b, const char **why)
{
	ssize_t n;

	if (b->avail)
		return 1;
	n = b->source->next(b->source, &b->run);
	if (n < 0) {
		*why = b->source->why;
		return -1;
	}
	b->avail = (size_t)n;
	return n > 0;
}

ssize_t
blocks_take(
    struct blocks *b, int64_t n, const unsigned char **p, const char **why)
{
	int r = blocks_fill(b, why);
	size_t some = b->avail;

	if (r <= 0) {
		if (!r)
			*why = "the archive is cut off";
		return -1;
	}
	if ((uint64_t)n < some)
		some = (size_t)n;
	*p = b->run;
	b->run += some;
	b->avail -= some;
	return (ssize_t)some;
}

int
blocks_skip(struct blocks *b, int64_t n, const char **why)
{
	const unsigned char *p;
	ssize_t some;

	for (; n > 0; n -= some)
		if ((some = blocks_take(b, n, &p, why)) < 0)
			return -1;
	return 0;
}

int
blocks_pad(struct blocks *b, size_t n, const char **why)
{
	const unsigned char *p;
	int r;

	while (n) {
		r = blocks_fill(b, why);
		if (r <= 0)
			return r;
		n -= (size_t)blocks_take(b, (int64_t)n, &p, why);
	}
	return 1;
}

int
blocks_next(struct blocks *b, const unsigned char **block, const char **why)
{
	const unsigned char *p;
	int r = blocks_fill(b, why);
	size_t have = 0;

	if (r <= 0)
		return r;
	*block = b->block;
	if (b->avail >= TAR_BLOCK) /* in place */
		return blocks_take(b, TAR_BLOCK, block, why) < 0 ? -1 : 1;
	while (have < TAR_BLOCK) {
		ssize_t n =
		    blocks_take(b, (int64_t)(TAR_BLOCK - have), &p, why);

		if (n < 0)
			return -1;
		memcpy(b->block + have, p, (size_t)n);
		have += (size_t)n;
	}
	return 1;
}

int
blocks_text(struct blocks *b, int64_t n, struct buf *text, const char **why)
{
	const unsigned char *p;
	ssize_t some;

	text->len = 0;
	for (; n > 0; n -= some) {
		if ((some = blocks_take(b, n, &p, why)) < 0)
			return -1;
		buf_add(text, p, (size_t)some);
	}
	buf_add(text, "", 0);
	return 0;
}
