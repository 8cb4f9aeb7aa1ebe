/* SPDX-License-Identifier: ISC */
/* Deflated data, by zlib. */
#include <stdio.h>
#include <stdlib.h>

#include <zlib.h>

#include "unpack/input/inflate.h"

#define RAW (-15) /* no header and no trailer, and the largest window */

struct inflater {
	z_stream z;
};

struct inflater *
inflater_new(void)
{
	struct inflater *i = calloc(1, sizeof *i);

	if (i && inflateInit2(&i->z, RAW) == Z_OK)
		return i;
	free(i);
	return NULL;
}

void
inflater_free(struct inflater *i)
{
	inflateEnd(&i->z);
	free(i);
}

void
inflater_reset(struct inflater *i)
{
	inflateReset(&i->z);
}

enum inflated
inflater_run(struct inflater *i, const unsigned char **in, size_t *avail,
    unsigned char **out, size_t *room)
{
	int r;

	i->z.next_in = (unsigned char *)*in;
	i->z.avail_in = (unsigned)*avail;
	i->z.next_out = *out;
	i->z.avail_out = (unsigned)*room;
	r = inflate(&i->z, Z_NO_FLUSH);
	*in = i->z.next_in;
	*avail = i->z.avail_in;
	*out = i->z.next_out;
	*room = i->z.avail_out;
	if (r == Z_STREAM_END)
		return INFLATED_END;
	return r == Z_OK || r == Z_BUF_ERROR ? INFLATED_MORE : INFLATED_WRONG;
}

uint32_t
inflater_crc(uint32_t crc, const unsigned char *p, size_t n)
{
	return (uint32_t)crc32(crc, p, (unsigned)n);
}

const char *
inflater_library(void)
{
	static char text[32];

	snprintf(text, sizeof text, "zlib/%s", zlibVersion());
	return text;
}
