/* SPDX-License-Identifier: ISC */
/*
 * unpack/input/gzip: what is taken and what is refused, whichever library
 * inflates and however the bytes come in, is what zlib says that knows gzip.
 * This is linked with each of the two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "lib/source.h"
#include "t/tap.h"
#include "unpack/input/decompress.h"

#define OUT_MAX (1 << 20)
#define CUT "cut off"
#define DAMAGED "damaged"
#define BEHIND "something else after"
#define NOT_GZIP "which it is not"

struct bytes {
	unsigned char p[1 << 20];
	size_t n;
};

static struct bytes in, text;
static unsigned char got[OUT_MAX], wanted[OUT_MAX];

/* Lends a copy of each piece that ends where its memory does. */
struct pieces {
	struct source source;
	const struct bytes *of;
	size_t at, size;
	unsigned char *lent;
};

static ssize_t
pieces_next(struct source *source, const unsigned char **p)
{
	struct pieces *s = (struct pieces *)source;
	size_t left = s->of->n - s->at, n = left < s->size ? left : s->size;

	free(s->lent);
	s->lent = n ? malloc(n) : NULL;
	if (n)
		memcpy(s->lent, s->of->p + s->at, n);
	*p = s->lent;
	s->at += n;
	return (ssize_t)n;
}

static void
add(struct bytes *b, const void *p, size_t n)
{
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

#define ADD(b, s) add(b, s, sizeof s - 1)

/* Why it is refused, or NULL and its length. */
static const char *
unpacked(const struct bytes *of, size_t piece, size_t room, size_t *len)
{
	struct pieces s = {.source.next = pieces_next, .of = of, .size = piece};
	struct decompress d = {.format = &format_gzip, .in = &s.source};
	ssize_t n = 0;

	*len = 0;
	d.format->open(&d);
	while (*len < OUT_MAX) {
		size_t some = OUT_MAX - *len < room ? OUT_MAX - *len : room;

		n = d.format->read(&d, got + *len, some);
		if (n <= 0)
			break;
		*len += (size_t)n;
	}
	if (!n && d.format->read(&d, got, 1)) /* the end stays the end */
		n = -1;
	d.format->close(&d);
	free(s.lent);
	return n < 0 ? d.why : NULL;
}

/* By zlib, all at once: the length, or -1. */
static ssize_t
oracle(const struct bytes *of)
{
	z_stream z = {.next_in = (unsigned char *)of->p,
	    .avail_in = (unsigned)of->n,
	    .next_out = wanted,
	    .avail_out = OUT_MAX};
	int r;

	inflateInit2(&z, 15 + 16);
	do {
		r = inflate(&z, Z_NO_FLUSH);
		if (r == Z_STREAM_END && z.avail_in && *z.next_in == 0x1f) {
			inflateReset(&z);
			r = Z_OK;
		}
	} while (r == Z_OK);
	while (z.avail_in && !*z.next_in) {
		z.next_in++;
		z.avail_in--;
	}
	inflateEnd(&z);
	return r == Z_STREAM_END && !z.avail_in ? z.next_out - wanted : -1;
}

static const size_t sizes[][2] = {{1, OUT_MAX}, {1 << 20, OUT_MAX}, {1, 1},
    {1 << 20, 1}, {7, 13}, {9, 1000}, {100, 300}, {4096, 65536}};

/* In pieces of all sizes: "" when it is as the oracle has it. */
static const char *
differs(const struct bytes *of, const char *why)
{
	ssize_t n = oracle(of);
	static char how[160];
	const char *said;
	size_t len;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		if (of->n > 20000 && sizes[i][1] == 1)
			continue;
		said = unpacked(of, sizes[i][0], sizes[i][1], &len);
		if (!said != (n >= 0) || (said && why && !strstr(said, why)) ||
		    (!said &&
			((ssize_t)len != n || memcmp(got, wanted, len)))) {
			snprintf(how, sizeof how,
			    "pieces of %zu, room of %zu: %s, zlib: %zd",
			    sizes[i][0], sizes[i][1], said ? said : "taken", n);
			return how;
		}
	}
	return "";
}

/* What was tried, and if it is so: how is "" then. */
static void
tell(const char *name, const char *how)
{
	char line[256];

	snprintf(line, sizeof line, "%s%s%s", name, *how ? ": " : "", how);
	ok(!*how, line);
}

static void
takes(const char *name)
{
	const char *how =
	    oracle(&in) < 0 ? "zlib refuses it" : differs(&in, NULL);

	tell(name, how);
}

static void
refuses(const char *name, const char *why)
{
	const char *how =
	    oracle(&in) >= 0 ? "zlib takes it" : differs(&in, why);

	tell(name, how);
}

/* Raw deflated text, at its end. */
static void
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

static void
add_number(struct bytes *b, uint32_t n, size_t len)
{
	unsigned char p[4] = {(unsigned char)n, (unsigned char)(n >> 8),
	    (unsigned char)(n >> 16), (unsigned char)(n >> 24)};

	add(b, p, len);
}

static void
add_trailer(struct bytes *b, const unsigned char *p, size_t n)
{
	add_number(b, (uint32_t)crc32(0, p, (unsigned)n), 4);
	add_number(b, (uint32_t)n, 4);
}

#define HEADER "\x1f\x8b\x08\0\0\0\0\0\0\x03"

/* The text as a member. */
static void
member(int level, int strategy)
{
	ADD(&in, HEADER);
	deflated(&in, level, strategy, Z_NO_FLUSH);
	add_trailer(&in, text.p, text.n);
}

static void
say(const char *what)
{
	text.n = 0;
	add(&text, what, strlen(what));
	in.n = 0;
}

/* The same numbers each time. */
static uint32_t
chance(uint32_t below)
{
	static uint32_t seed = 1;

	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)seed * below >> 32);
}

/* Words out of a few, and some bytes that no words are. */
static void
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

static void
members(void)
{
	static const int strategies[] = {
	    Z_DEFAULT_STRATEGY, Z_FIXED, Z_RLE, Z_HUFFMAN_ONLY};

	say("");
	member(6, 0);
	takes("nothing");
	say("some text, some text and some more text");
	member(6, 0);
	takes("a member");
	for (int i = 0; i < 12; i++) {
		say_much(i & 1 ? 300000 : 3000, i < 6 ? 200 : 40000);
		member(i % 3 * 4, strategies[i % 4]);
		takes("of a program");
	}
	say_much(300000, 100);
	for (int i = 0; i < 9; i++) /* as bgzip and pigz -i write */
		member(1 + i, 0);
	in.n = 0;
	ADD(&in, HEADER);
	deflated(&in, 6, 0, Z_FULL_FLUSH);
	add_trailer(&in, text.p, text.n);
	takes("with empty blocks where it was flushed");
	say("x");
	for (int i = 0; i < 1000; i++)
		member(i % 10, i & 1 ? Z_FIXED : 0);
	takes("a thousand members");
	say("");
	for (int i = 0; i < 50; i++)
		member(6, 0);
	takes("members of nothing");
}

static void
headers(void)
{
	static const char fields[] = {4, 8, 16, 2};

	for (unsigned char flags = 0; flags < 32; flags++) {
		say("text behind a header");
		ADD(&in, "\x1f\x8b\x08");
		add(&in, &flags, 1);
		ADD(&in, "\1\2\3\4\2\xff");
		if (flags & fields[0])
			ADD(&in, "\x0a\0MZ\4\0\1\0\0\0\0\xff");
		if (flags & fields[1])
			ADD(&in, "a name\0");
		if (flags & fields[2])
			ADD(&in, "\xe4 comment\0");
		if (flags & fields[3])
			add_number(
			    &in, (uint32_t)crc32(0, in.p, (unsigned)in.n), 2);
		deflated(&in, 6, 0, Z_NO_FLUSH);
		add_trailer(&in, text.p, text.n);
		takes("a header");
		if (flags & fields[3]) {
			in.p[4] ^= 1;
			refuses("with a wrong checksum", DAMAGED);
		}
	}
	for (int bit = 5; bit < 8; bit++) {
		say("text");
		member(6, 0);
		in.p[3] = (unsigned char)(1 << bit);
		refuses("a flag that nobody knows", DAMAGED);
	}
	say("text");
	member(6, 0);
	in.p[2] = 7;
	refuses("another method", NOT_GZIP);
	member(6, 0);
	in.p[2] = 8;
	in.p[in.n / 2 + 2] = 9;
	refuses("in the second member", DAMAGED);
}

static void
trailers(void)
{
	static const char zeros[5000];

	for (size_t i = 1; i <= 8; i++) {
		say("text");
		member(6, 0);
		in.p[in.n - i] ^= 0x80;
		refuses(i > 4 ? "a wrong checksum" : "a wrong size", DAMAGED);
	}
	say("text");
	member(6, 0);
	add(&in, zeros, sizeof zeros);
	takes("zeros behind it");
	ADD(&in, "\1");
	refuses("and something else", BEHIND);
	in.n--;
	member(6, 0);
	refuses("and a member", BEHIND);
	say("text");
	member(6, 0);
	ADD(&in, "\n");
	refuses("a line's end", BEHIND);
	say("text");
	member(6, 0);
	ADD(&in, "\x1f");
	refuses("the first byte of a header", CUT);
	ADD(&in, "\x8c");
	for (int i = 0; i < 20; i++)
		ADD(&in, "\1");
	refuses("what is none", DAMAGED);
}

static void
cuts(void)
{
	const char *how = "";
	size_t whole;

	for (int i = 0; i < 4; i++) {
		say_much(i < 2 ? 400 : 3000, 50);
		member(i & 1 ? 0 : 9, 0);
		if (i == 1)
			member(9, 0);
		whole = in.n;
		for (in.n = 0; in.n < whole; in.n += in.n < 700 ? 1 : 37)
			if (!*how && oracle(&in) < 0)
				how = differs(&in, CUT);
	}
	tell("cut anywhere", how);
}

/* Bits of a block by hand: numbers from their lowest, codes from their highest
 * bit. */
struct bits {
	uint64_t value;
	int n;
};

static void
number(struct bits *b, unsigned value, int n)
{
	for (int i = 0; i < n; i++)
		b->value |= (uint64_t)(value >> i & 1) << b->n++;
}

static void
code(struct bits *b, unsigned value, int n)
{
	while (n--)
		number(b, value >> n & 1, 1);
}

/* A last block of the type, with the codes of lengths, the symbols' in the
 * order of the specification. */
static void
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

static void
block(const char *name, const struct bits *b, const char *why)
{
	unsigned char p[8];

	for (int i = 0; i < 8; i++)
		p[i] = (unsigned char)(b->value >> 8 * i);
	say("");
	ADD(&in, HEADER);
	add(&in, p, (size_t)(b->n + 7) / 8);
	add_trailer(&in, text.p, 0);
	ADD(&in, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
	if (why)
		refuses(name, why);
	else
		takes(name);
}

/* RFC 1951, 3.2.3 to 3.2.7. */
static void
blocks(void)
{
	struct bits b = {0};

	number(&b, 1 | 1 << 1, 3);
	code(&b, 0, 7);
	block("a block of nothing but its end", &b, NULL);
	b = (struct bits){0};
	number(&b, 1 | 3 << 1, 3);
	block("a type of block that nobody knows", &b, DAMAGED);
	b = (struct bits){0};
	number(&b, 1, 8);
	number(&b, 0xffff0000, 32);
	block("a stored block of nothing", &b, NULL);
	b.value ^= 1 << 8;
	block("with a wrong length", &b, DAMAGED);
	b = (struct bits){0};
	number(&b, 1 | 1 << 1, 3);
	code(&b, 1, 7);
	code(&b, 0, 5);
	code(&b, 0, 7);
	block("a distance to before the beginning", &b, DAMAGED);
	for (unsigned symbol = 286; symbol < 288; symbol++) {
		b = (struct bits){0};
		number(&b, 1 | 1 << 1, 3);
		code(&b, 0xc0 + symbol - 280, 8);
		code(&b, 0, 7);
		block("a length that there isn't", &b, DAMAGED);
	}
	for (unsigned symbol = 30; symbol < 32; symbol++) {
		b = (struct bits){0};
		number(&b, 1 | 1 << 1, 3);
		code(&b, 0x30 + 'a', 8);
		code(&b, 1, 7);
		code(&b, symbol, 5);
		code(&b, 0, 7);
		block("a distance that there isn't", &b, DAMAGED);
	}
	b = (struct bits){0};
	dynamic(&b, 287, 1, "0000");
	block("too many lengths", &b, DAMAGED);
	b = (struct bits){0};
	dynamic(&b, 257, 31, "0000");
	block("too many distances", &b, DAMAGED);
	b = (struct bits){0};
	dynamic(&b, 257, 1, "1111");
	block("more codes than there is room for", &b, DAMAGED);
	b = (struct bits){0};
	dynamic(&b, 257, 1, "0010");
	block("fewer codes than have to be", &b, DAMAGED);
	b = (struct bits){0};
	dynamic(&b, 257, 1, "1001");
	code(&b, 1, 1);
	block("a repetition of nothing", &b, DAMAGED);
}

/* Bits changed, and the checksum that of what comes out then. */
static void
changes(size_t tries)
{
	static struct bytes raw;
	size_t taken = 0;
	const char *how = "";

	for (size_t t = 0; t < tries; t++) {
		z_stream z = {.next_out = wanted, .avail_out = OUT_MAX};
		int r;

		say_much(50 + chance(900), 1 + chance(60));
		raw.n = 0;
		deflated(&raw, (int)chance(10), (int)chance(5), Z_NO_FLUSH);
		for (uint32_t i = chance(4) + 1; i; i--)
			raw.p[chance(chance(2) ? 20 : (uint32_t)raw.n)] ^=
			    (unsigned char)(1 << chance(8));
		z.next_in = raw.p;
		z.avail_in = (unsigned)raw.n;
		inflateInit2(&z, -15);
		r = inflate(&z, Z_FINISH);
		inflateEnd(&z);
		ADD(&in, HEADER);
		add(&in, raw.p, raw.n - z.avail_in);
		add_trailer(&in, wanted, OUT_MAX - z.avail_out);
		taken += r == Z_STREAM_END;
		if (!*how)
			how = differs(&in, NULL);
	}
	tell("changes of the deflated data", how);
	tell("some of them are taken, and not all",
	    taken > tries / 50 && taken < tries / 2 ? "" : "not so");
}

int
main(int argc, char **argv)
{
	members();
	headers();
	trailers();
	cuts();
	blocks();
	changes(argc > 1 ? (size_t)atoi(argv[1]) : 3000);
	return tap_end();
}
