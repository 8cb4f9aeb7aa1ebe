/* SPDX-License-Identifier: ISC */
/* Whether unpack/input/gzip makes of a stream, in in, what zlib makes of it. */
#ifndef T_GZIPORACLE_H
#define T_GZIPORACLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "lib/source.h"
#include "t/gzipstream.h"
#include "t/tap.h"
#include "unpack/input/decompress.h"

#define OUT_MAX (1 << 20)

static unsigned char got[OUT_MAX], wanted[OUT_MAX];

/* Lends a copy of each piece that ends where its memory does. */
struct pieces {
	struct source source;
	const struct bytes *of;
	size_t at, size;
	unsigned char *lent;
};

static inline ssize_t
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
static inline ssize_t
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
static inline void
tell(const char *name, const char *how)
{
	char line[256];

	snprintf(line, sizeof line, "%s%s%s", name, *how ? ": " : "", how);
	ok(!*how, line);
}

static inline void
takes(const char *name)
{
	const char *how =
	    oracle(&in) < 0 ? "zlib refuses it" : differs(&in, NULL);

	tell(name, how);
}

static inline void
refuses(const char *name, const char *why)
{
	const char *how =
	    oracle(&in) >= 0 ? "zlib takes it" : differs(&in, why);

	tell(name, how);
}

#endif
