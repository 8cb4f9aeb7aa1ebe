/* SPDX-License-Identifier: ISC */
/*
 * gzip layers (RFC 1952): one member or several, and zeros behind the last.
 * What is in a member is inflate.h's.
 */
#include <stdlib.h>
#include <string.h>

#include "unpack/input/decompress.h"
#include "unpack/input/inflate.h"

enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16, RESERVED = 0xe0 };

struct gzip {
	struct inflater *inflater;
	enum { HEADER, DATA, TRAILER, BETWEEN } at;
	uint32_t crc, size; /* of the header up to here, or of the data */
	bool first;         /* member */
	bool zeros;         /* there were some behind a member */
};

static bool
gzip_open(struct decompress *d)
{
	struct gzip *g = d->state = calloc(1, sizeof *g);

	if (!g)
		return false;
	g->first = true;
	g->inflater = inflater_new();
	return g->inflater != NULL;
}

static void
gzip_close(struct decompress *d)
{
	struct gzip *g = d->state;

	inflater_free(g->inflater);
	free(g);
}

static int
damaged(struct decompress *d)
{
	d->why = "the gzip data is damaged";
	return -1;
}

/* See to it that there is a byte, for there has to be one. */
static int
need(struct decompress *d)
{
	int r = decompress_fill(d);

	if (!r)
		d->why = "the gzip data is cut off";
	return r > 0 ? 0 : -1;
}

static int
take(struct decompress *d, unsigned char *p, size_t n)
{
	struct gzip *g = d->state;

	for (size_t i = 0; i < n; i++) {
		if (need(d) < 0)
			return -1;
		p[i] = *d->run++;
		d->avail--;
	}
	g->crc = inflater_crc(g->crc, p, n);
	return 0;
}

static uint32_t
number(const unsigned char *p, size_t n)
{
	uint32_t value = 0;

	while (n--)
		value = value << 8 | p[n];
	return value;
}

/* A name or a comment, up to its NUL. */
static int
skip_text(struct decompress *d)
{
	unsigned char c;

	do {
		if (take(d, &c, 1) < 0)
			return -1;
	} while (c);
	return 0;
}

static int
skip_extra(struct decompress *d)
{
	unsigned char p[2], c;
	uint32_t n;

	if (take(d, p, 2) < 0)
		return -1;
	for (n = number(p, 2); n; n--)
		if (take(d, &c, 1) < 0)
			return -1;
	return 0;
}

static int
header(struct decompress *d)
{
	struct gzip *g = d->state;
	unsigned char h[10], p[2];
	uint32_t crc;

	g->crc = 0;
	if (take(d, h, sizeof h) < 0)
		return -1;
	if (memcmp(h, "\x1f\x8b\x08", 3)) {
		damaged(d);
		if (g->first)
			d->why = "its media type says gzip, which it is not";
		return -1;
	}
	if (h[3] & RESERVED)
		return damaged(d);
	if ((h[3] & FEXTRA && skip_extra(d) < 0) ||
	    (h[3] & FNAME && skip_text(d) < 0) ||
	    (h[3] & FCOMMENT && skip_text(d) < 0))
		return -1;
	crc = g->crc & 0xffff;
	if (h[3] & FHCRC && take(d, p, 2) < 0)
		return -1;
	if (h[3] & FHCRC && number(p, 2) != crc)
		return damaged(d);
	g->at = DATA;
	g->crc = g->size = 0;
	g->first = false;
	inflater_reset(g->inflater);
	return 0;
}

static int
data(struct decompress *d, unsigned char **out, size_t *room)
{
	struct gzip *g = d->state;
	unsigned char *from = *out;
	size_t avail = d->avail, n;
	enum inflated r =
	    inflater_run(g->inflater, &d->run, &d->avail, out, room);

	n = (size_t)(*out - from);
	g->crc = inflater_crc(g->crc, from, n);
	g->size += (uint32_t)n;
	if (r == INFLATED_END)
		g->at = TRAILER;
	if (r == INFLATED_WRONG)
		return damaged(d);
	if (r == INFLATED_END || !*room || n || d->avail < avail)
		return 0;
	/* It is stuck: for want of input, or it wouldn't say why. */
	return d->avail ? damaged(d) : need(d);
}

static int
trailer(struct decompress *d)
{
	struct gzip *g = d->state;
	uint32_t crc = g->crc;
	unsigned char p[8];

	if (take(d, p, sizeof p) < 0)
		return -1;
	if (number(p, 4) != crc || number(p + 4, 4) != g->size)
		return damaged(d);
	g->at = BETWEEN;
	return 0;
}

/* Behind a member: zeros, another member, or an error. */
static int
between(struct decompress *d)
{
	struct gzip *g = d->state;

	if (!*d->run) {
		g->zeros = true;
		d->run++;
		d->avail--;
		return 0;
	}
	if (g->zeros || *d->run != 0x1f) {
		d->why = "there is something else after the gzip data";
		return -1;
	}
	g->at = HEADER;
	return 0;
}

static ssize_t
gzip_read(struct decompress *d, unsigned char *out, size_t n)
{
	struct gzip *g = d->state;
	size_t room = n;
	int r = 0;

	while (room && r >= 0) {
		if (g->at == HEADER) {
			r = header(d);
		} else if (g->at == DATA) {
			r = data(d, &out, &room);
		} else if (g->at == TRAILER) {
			r = trailer(d);
		} else {
			r = decompress_fill(d);
			if (!r)
				break;
			if (r > 0)
				r = between(d);
		}
	}
	return r < 0 ? -1 : (ssize_t)(n - room);
}

const struct format format_gzip = {gzip_open, gzip_read, gzip_close};
