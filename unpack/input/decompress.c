/* SPDX-License-Identifier: ISC */
/* The formats of layers by media type; layers that aren't compressed. */
#include "unpack/input/decompress.h"

#include <string.h>

#include "lib/source.h"

const struct format *
format_find(const char *media_type)
{
	static const struct {
		const char *media_type;
		const struct format *format;
	} types[] = {
#define OCI "application/vnd.oci.image.layer."
#define DOCKER "application/vnd.docker.image.rootfs."
	    {OCI "v1.tar", &format_plain},
	    {OCI "v1.tar+gzip", &format_gzip},
	    {OCI "v1.tar+zstd", &format_zstd},
	    {OCI "nondistributable.v1.tar", &format_plain},
	    {OCI "nondistributable.v1.tar+gzip", &format_gzip},
	    {OCI "nondistributable.v1.tar+zstd", &format_zstd},
	    {DOCKER "diff.tar", &format_plain},
	    {DOCKER "diff.tar.gzip", &format_gzip},
	    {DOCKER "diff.tar.zstd", &format_zstd},
	    {DOCKER "foreign.diff.tar", &format_plain},
	    {DOCKER "foreign.diff.tar.gzip", &format_gzip},
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(media_type, types[i].media_type))
			return types[i].format;
	return NULL;
}

static const struct {
	size_t at, len;
	const char *bytes;
	const char *name;
	const struct format *format; /* NULL: none of a layer's */
} beginnings[] = {
    {0, 3, "\x1f\x8b\x08", "gzip", &format_gzip},
    {0, 4, "\x28\xb5\x2f\xfd", "zstd", &format_zstd},
    {0, 3, "BZh", "bzip2", NULL},
    {0, 6,
	"\xfd"
	"7zXZ",
	"xz", NULL},
    {257, 5, "ustar", "a plain archive", &format_plain},
};

const char *
format_other(const struct format *f, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
		if (n >= beginnings[i].at + beginnings[i].len &&
		    !memcmp(p + beginnings[i].at, beginnings[i].bytes,
			beginnings[i].len))
			return f == beginnings[i].format ? NULL
							 : beginnings[i].name;
	return NULL;
}

int
decompress_fill(struct decompress *d)
{
	ssize_t n;

	if (d->avail)
		return 1;
	n = d->in->next(d->in, &d->run);
	if (n < 0) {
		d->why = d->in->why;
		return -1;
	}
	d->avail = (size_t)n;
	return n > 0;
}

static bool
plain_open(struct decompress *d)
{
	d->state = NULL;
	return true;
}

static ssize_t
plain_read(struct decompress *d, unsigned char *out, size_t n)
{
	size_t have = 0, some;
	int r = 1;

	while (have < n && (r = decompress_fill(d)) > 0) {
		some = d->avail < n - have ? d->avail : n - have;
		memcpy(out + have, d->run, some);
		d->run += some;
		d->avail -= some;
		have += some;
	}
	return r < 0 ? -1 : (ssize_t)have;
}

static void
plain_close(struct decompress *d)
{
	(void)d;
}

const struct format format_plain = {plain_open, plain_read, plain_close};
