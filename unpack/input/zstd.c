/* SPDX-License-Identifier: ISC */
/*
 * zstd layers: one frame or several.  A frame may ask for a window of 128 MiB,
 * which is what the library allows unless told otherwise.
 */
#include <stdlib.h>

#include <zstd.h>

#include "unpack/input/decompress.h"

struct zstd {
	ZSTD_DStream *stream;
	size_t hint; /* 0: a frame is complete, all of it came out */
};

static bool
zstd_open(struct decompress *d)
{
	struct zstd *z = d->state = calloc(1, sizeof *z);

	if (!z)
		return false;
	z->hint = 1;
	z->stream = ZSTD_createDStream();
	return z->stream != NULL;
}

static void
zstd_close(struct decompress *d)
{
	struct zstd *z = d->state;

	ZSTD_freeDStream(z->stream);
	free(z);
}

static ssize_t
zstd_read(struct decompress *d, unsigned char *p, size_t n)
{
	struct zstd *z = d->state;
	ZSTD_outBuffer out = {.dst = p, .size = n};

	while (out.pos < n) {
		size_t before = out.pos;
		int r = decompress_fill(d);
		ZSTD_inBuffer in = {.src = d->run, .size = d->avail};

		if (r < 0)
			return -1;
		if (!r && !z->hint)
			break;
		z->hint = ZSTD_decompressStream(z->stream, &out, &in);
		if (ZSTD_isError(z->hint)) {
			d->why = ZSTD_getErrorName(z->hint);
			return -1;
		}
		d->run += in.pos;
		d->avail -= in.pos;
		if (!r && out.pos == before) {
			d->why = "the zstd data is cut off";
			return -1;
		}
	}
	return (ssize_t)out.pos;
}

const struct format format_zstd = {zstd_open, zstd_read, zstd_close};
