/* SPDX-License-Identifier: ISC */
/*
 * gzip streams that a test makes in in, of what it says in text: whole members,
 * or blocks bit by bit.
 */
#ifndef T_GZIPSTREAM_H
#define T_GZIPSTREAM_H

#include <stdint.h>
#include <string.h>

#include <zlib.h>

struct bytes {
	unsigned char p[1 << 20];
	size_t n;
};

static struct bytes in, text;

static inline void
add(struct bytes *b, const void *p, size_t n)
{
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

#define ADD(b, s) add(b, s, sizeof s - 1)

/* Raw deflated text, at its end. */
static inline void
deflated(struct bytes *b, int level, int strategy, int flush)
{
	z_stream z = {.next_in = text.p,
	    .next_out = b->p + b->n,
	    .avail_out = (unsigned)(sizeof b->p - b->n)};

	deflateInit2(&z, level, Z_DEFLATED, -15, 8, strategy);
	z.avail_in = (unsigned)text.n / 2;
	deflate(&z, flush);
	z.avail_in = (unsigned)(text.n - text.n / 2);
	deflate(&z, Z_FINISH);
	b->n = sizeof b->p - z.avail_out;
	deflateEnd(&z);
}

static inline void
add_number(struct bytes *b, uint32_t n, size_t len)
{
	unsigned char p[4] = {(unsigned char)n, (unsigned char)(n >> 8),
	    (unsigned char)(n >> 16), (unsigned char)(n >> 24)};

	add(b, p, len);
}

static inline void
add_trailer(struct bytes *b, const unsigned char *p, size_t n)
{
	add_number(b, (uint32_t)crc32(0, p, (unsigned)n), 4);
	add_number(b, (uint32_t)n, 4);
}

#define HEADER "\x1f\x8b\x08\0\0\0\0\0\0\x03"

/* The text as a member. */
static inline void
member(int level, int strategy)
{
	ADD(&in, HEADER);
	deflated(&in, level, strategy, Z_NO_FLUSH);
	add_trailer(&in, text.p, text.n);
}

static inline void
say(const char *what)
{
	text.n = 0;
	add(&text, what, strlen(what));
	in.n = 0;
}

/* The same numbers each time. */
static inline uint32_t
chance(uint32_t below)
{
	static uint32_t seed = 1;

	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)seed * below >> 32);
}

/* Words out of a few, and some bytes that no words are. */
static inline void
say_much(size_t n, uint32_t words)
{
	text.n = in.n = 0;
	while (text.n < n) {
		uint32_t word = chance(words) * 2654435761U;

		text.p[text.n++] = (unsigned char)(chance(8) ? 'a' : word);
		for (size_t i = 0; i < 6; i++)
			text.p[text.n++] = (unsigned char)(word >> 5 * i);
	}
}

/* Bits of a block by hand: numbers from their lowest, codes from their highest
 * bit. */
struct bits {
	uint64_t value;
	int n;
};

static inline void
number(struct bits *b, unsigned value, int n)
{
	for (int i = 0; i < n; i++)
		b->value |= (uint64_t)(value >> i & 1) << b->n++;
}

static inline void
code(struct bits *b, unsigned value, int n)
{
	while (n--)
		number(b, value >> n & 1, 1);
}

/* A last block of the type, with the codes of lengths, the symbols' in the
 * order of the specification. */
static inline void
dynamic(
    struct bits *b, unsigned literals, unsigned distances, const char *lengths)
{
	number(b, 1 | 2 << 1, 3);
	number(b, literals - 257, 5);
	number(b, distances - 1, 5);
	number(b, (unsigned)strlen(lengths) - 4, 4);
	for (; *lengths; lengths++)
		number(b, (unsigned)(*lengths - '0'), 3);
}

#endif
