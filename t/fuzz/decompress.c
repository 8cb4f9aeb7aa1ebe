/* SPDX-License-Identifier: ISC */
/*
 * Compressed layers: a byte that chooses the format, one for the length of the
 * runs that come, one for that of the portions that are asked for, and the
 * data.  What comes out depends on none of the two.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/source.h"
#include "t/fuzz/fuzz.h"
#include "unpack/input/decompress.h"

#define OUT_MAX (1 << 20)

struct runs {
	struct source source;
	const unsigned char *p;
	size_t left, run;
};

struct result {
	enum { AT_END, FAILED, TOO_MUCH } how;
	size_t len;
	unsigned char bytes[OUT_MAX];
};

static struct result one, other;

static ssize_t
runs_next(struct source *source, const unsigned char **p)
{
	struct runs *r = (struct runs *)source;
	size_t n = r->left < r->run ? r->left : r->run;

	*p = r->p;
	r->p += n;
	r->left -= n;
	return (ssize_t)n;
}

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

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const struct format *const formats[] = {
	    &format_gzip, &format_zstd, &format_plain};
	struct runs in = {.source.next = runs_next};
	const struct format *f;
	size_t portion;

	if (len < 3)
		return 0;
	f = formats[data[0] % 3];
	in.p = data + 3;
	in.left = len - 3;
	portion = 1 + data[2] * 16;
	in.run = len;
	decode(f, &in, 64 << 10, &one);
	in.run = 1 + data[1];
	decode(f, &in, portion, &other);
	if (one.how == TOO_MUCH || other.how == TOO_MUCH)
		return 0;
	/* libzstd takes an empty last block that it refuses in one piece. */
	if (f == &format_zstd && one.how != other.how)
		return 0;
	fuzz_must(one.how == other.how, "both come to an end, or neither");
	fuzz_must(
	    one.how == FAILED || (one.len == other.len &&
				     !memcmp(one.bytes, other.bytes, one.len)),
	    "the bytes are the same");
	return 0;
}
