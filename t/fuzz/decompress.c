/* SPDX-License-Identifier: ISC */
/*
 * Compressed layers: a byte that chooses the format, one for the length of the
 * runs that come, one for that of the portions that are asked for, and the
 * data.  What comes out depends on none of the two, and of gzip it is what zlib
 * makes of it.  In the fourth format the data is deflated, and gets a header
 * and the right checksum, which else nothing would have.
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "lib/source.h"
#include "t/fuzz/fuzz.h"
#include "t/runs.h"
#include "unpack/input/decompress.h"

#define OUT_MAX (1 << 20)

struct result {
	enum { AT_END, FAILED, TOO_MUCH } how;
	size_t len;
	unsigned char bytes[OUT_MAX];
};

static struct result one, other, expected;

static void
all_read(struct decompress *z, size_t portion, struct result *to)
{
	ssize_t n;

	for (to->len = 0; to->len <= OUT_MAX - portion; to->len += (size_t)n) {
		n = z->format->read(z, to->bytes + to->len, portion);
		fuzz_must(n <= (ssize_t)portion, "no more than was asked for");
		fuzz_must(n >= 0 || z->why, "there is a reason");
		to->how = n < 0 ? FAILED : AT_END;
		if (n <= 0)
			return;
		fuzz_must(n == (ssize_t)portion ||
			      !z->format->read(z, to->bytes + to->len, 1),
		    "less than was asked for is the end");
	}
	to->how = TOO_MUCH;
}

static void
decode(const struct format *f, const struct runs *in, size_t portion,
    struct result *to)
{
	struct runs r = *in;
	struct decompress z = {.format = f, .in = &r.source};

	to->how = FAILED;
	if (format_other(f, in->p, in->left))
		return;
	if (!f->open(&z))
		abort();
	all_read(&z, portion, to);
	f->close(&z);
}

/* By zlib, up to the end of the first data: how many bytes that takes. */
static size_t
zlib_inflate(int bits, const unsigned char *p, size_t n, struct result *to)
{
	z_stream z = {.next_in = (unsigned char *)p,
	    .avail_in = (unsigned)n,
	    .next_out = to->bytes + to->len,
	    .avail_out = (unsigned)(OUT_MAX - to->len)};
	int r;

	if (inflateInit2(&z, bits) != Z_OK)
		abort();
	r = inflate(&z, Z_SYNC_FLUSH);
	to->len = OUT_MAX - z.avail_out;
	to->how = r == Z_STREAM_END ? AT_END : !z.avail_out ? TOO_MUCH : FAILED;
	inflateEnd(&z);
	return n - z.avail_in;
}

/* One member after the other, and zeros behind the last. */
static void
zlib_gunzip(const struct runs *in, struct result *to)
{
	const unsigned char *p = in->p, *end = p + in->left;

	to->len = 0;
	do
		p += zlib_inflate(15 + 16, p, (size_t)(end - p), to);
	while (to->how == AT_END && p < end && *p);
	for (; to->how == AT_END && p < end; p++)
		if (*p)
			to->how = FAILED;
}

static void
little(unsigned char *p, unsigned long n)
{
	for (int i = 0; i < 4; i++, n >>= 8)
		p[i] = n & 0xff;
}

/* Put what is deflated between a header and a trailer, to be freed. */
static unsigned char *
member_make(struct runs *in)
{
	unsigned char *p = malloc(10 + in->left + 8);
	size_t n;

	expected.len = 0;
	n = zlib_inflate(-15, in->p, in->left, &expected);
	memcpy(p, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	memcpy(p + 10, in->p, n);
	little(p + 10 + n, crc32(0, expected.bytes, (unsigned)expected.len));
	little(p + 14 + n, expected.len);
	memcpy(p + 18 + n, in->p + n, in->left - n);
	in->p = p;
	in->left += 18;
	return p;
}

static void
same(const struct result *a, const struct result *b, const char *what)
{
	if (a->how == TOO_MUCH || b->how == TOO_MUCH)
		return;
	fuzz_must(a->how == b->how, what);
	fuzz_must(a->how == FAILED ||
		      (a->len == b->len && !memcmp(a->bytes, b->bytes, a->len)),
	    "the bytes are the same");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const struct format *const formats[] = {
	    &format_gzip, &format_zstd, &format_plain, &format_gzip};
	struct runs in = {.source.next = runs_next};
	unsigned char *made = NULL;
	const struct format *f;

	if (len < 3)
		return 0;
	f = formats[data[0] % 4];
	in.p = data + 3;
	in.left = len - 3;
	if (data[0] % 4 == 3)
		made = member_make(&in);
	in.run = in.left + 1;
	decode(f, &in, 64 << 10, &one);
	in.run = 1 + data[1];
	decode(f, &in, 1 + data[2] * 16, &other);
	/* libzstd takes an empty last block that it refuses in one piece. */
	if (f != &format_zstd || one.how == other.how)
		same(&one, &other, "both come to an end, or neither");
	zlib_gunzip(&in, &expected);
	if (f == &format_gzip && !format_other(f, in.p, in.left))
		same(&one, &expected, "zlib comes to an end, or neither");
	free(made);
	return 0;
}
