/* SPDX-License-Identifier: ISC */
/* gzip layers: one member or several, and zeros behind the last. */
#include <stdlib.h>

#include <zlib.h>

#include "lib/mem.h"
#include "unpack/input/decompress.h"

struct gzip {
	z_stream z;
	bool between; /* members: the last one is complete */
	bool zeros;   /* there were some behind it */
	bool first;   /* nothing was read yet */
};

static bool
gzip_open(struct decompress *d)
{
	struct gzip *g = d->state = calloc(1, sizeof *g);

	if (!g)
		return false;
	g->first = true;
	return inflateInit2(&g->z, 15 + 16) == Z_OK; /* gzip's header only */
}

static void
gzip_close(struct decompress *d)
{
	struct gzip *g = d->state;

	inflateEnd(&g->z);
	free(g);
}

/* Behind a member: zeros, another member, or an error. */
static int
gzip_between(struct decompress *d, struct gzip *g)
{
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
	g->between = false;
	inflateReset(&g->z);
	return 0;
}

static int
gzip_inflate(struct decompress *d, struct gzip *g)
{
	int r;

	g->z.next_in = (unsigned char *)d->run;
	g->z.avail_in = (unsigned)d->avail;
	r = inflate(&g->z, Z_NO_FLUSH);
	d->run = g->z.next_in;
	d->avail = g->z.avail_in;
	g->between = r == Z_STREAM_END;
	if (r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR) {
		g->first = false;
		return 0;
	}
	d->why = g->first ? "its media type says gzip, which it is not"
			  : "the gzip data is damaged";
	return -1;
}

static ssize_t
gzip_read(struct decompress *d, unsigned char *out, size_t n)
{
	struct gzip *g = d->state;

	g->z.next_out = out;
	g->z.avail_out = (unsigned)n;
	while (g->z.avail_out) {
		int r = decompress_fill(d);

		if (!r && g->between)
			break;
		if (!r)
			d->why = "the gzip data is cut off";
		if (r <= 0)
			return -1;
		if (g->between ? gzip_between(d, g) : gzip_inflate(d, g))
			return -1;
	}
	return (ssize_t)(n - g->z.avail_out);
}

const struct format format_gzip = {gzip_open, gzip_read, gzip_close};
