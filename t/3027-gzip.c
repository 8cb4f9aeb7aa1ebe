/* SPDX-License-Identifier: ISC */
/*
 * unpack/input/gzip: what is taken and what is refused, whichever library
 * inflates and however the bytes come in, is what zlib says that knows gzip.
 * This is linked with each of the two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "t/gziporacle.h"
#include "t/gzipstream.h"
#include "t/tap.h"

#define CUT "cut off"
#define DAMAGED "damaged"
#define BEHIND "something else after"
#define NOT_GZIP "which it is not"

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
