/* SPDX-License-Identifier: ISC */
/* The maps of sparse files in tar archives. */
#include "lib/sparse.h"

#include "lib/blocks.h"
#include "lib/mem.h"
#include "lib/tar.h"

static const char too_many[] = "its sparse map has more than 65536 segments";

void
sparse_clear(struct sparse *s)
{
	s->n = 0;
	s->data = 0;
	s->pending = -1;
}

static int
sparse_add(struct sparse *s, int64_t offset, int64_t len, const char **why)
{
	const struct tar_segment *last = s->n ? &s->segments[s->n - 1] : NULL;

	if (offset < 0 || len < 0 || len > INT64_MAX - offset ||
	    (last && offset < last->offset + last->len)) {
		*why = "its sparse map is out of order";
		return -1;
	}
	if (s->n == SPARSE_MAX) {
		*why = too_many;
		return -1;
	}
	if (!(s->n & (s->n - 1)))
		s->segments = xreallocarray(
		    s->segments, s->n ? s->n * 2 : 1, sizeof *s->segments);
	s->segments[s->n++] = (struct tar_segment){offset, len};
	s->data += len;
	return 0;
}

int
sparse_add_number(struct sparse *s, int64_t number, const char **why)
{
	int64_t offset = s->pending;

	s->pending = offset < 0 ? number : -1;
	return offset < 0 ? 0 : sparse_add(s, offset, number, why);
}

/* n pairs of fields, 24 bytes each; an empty one ends the list. */
static int
sparse_add_old(
    struct sparse *s, const unsigned char *pairs, int n, const char **why)
{
	for (const char *p = (const char *)pairs; n-- && *p; p += 24) {
		int64_t offset, len;

		if (tar_number(p, 12, &offset) < 0 ||
		    tar_number(p + 12, 12, &len) < 0) {
			*why =
			    "its sparse map has a field that is not a number";
			return -1;
		}
		if (sparse_add(s, offset, len, why) < 0)
			return -1;
	}
	return 0;
}

int
sparse_read_old(struct sparse *s, struct blocks *b, const unsigned char *h,
    int64_t *size, const char **why)
{
	bool more = h[482];
	int r = 1;

	sparse_clear(s);
	if (sparse_add_old(s, h + 386, 4, why) < 0)
		return -1;
	if (tar_number((const char *)h + 483, 12, size) < 0) {
		*why = "its size is not a number";
		return -1;
	}
	while (more && (r = blocks_next(b, &h, why)) > 0) {
		if (sparse_add_old(s, h, 21, why) < 0)
			return -1;
		more = h[504];
	}
	if (!r)
		*why = "the archive is cut off";
	return r > 0 ? 0 : -1;
}

/* Text at the beginning of a member's data. */
struct text {
	struct blocks *blocks;
	int64_t *left;
	const unsigned char *block;
	size_t at;
};

/* A decimal number and its end of line. */
static int
text_number(struct text *t, int64_t *value, const char **why)
{
	char digits[24];
	const char *end;

	for (size_t n = 0; n < sizeof digits; n++) {
		if (t->at == TAR_BLOCK) {
			t->at = 0;
			if (*t->left < TAR_BLOCK ||
			    blocks_next(t->blocks, &t->block, why) <= 0)
				return -1;
			*t->left -= TAR_BLOCK;
		}
		digits[n] = (char)t->block[t->at++];
		if (digits[n] == '\n') {
			digits[n] = 0;
			return tar_decimal(digits, &end, value) || *end ? -1
									: 0;
		}
	}
	return -1;
}

int
sparse_read_text(
    struct sparse *s, struct blocks *b, int64_t *left, const char **why)
{
	struct text t = {.blocks = b, .left = left, .at = TAR_BLOCK};
	int64_t n, value;

	*why = "its sparse map is damaged";
	sparse_clear(s);
	if (text_number(&t, &n, why) < 0)
		return -1;
	if (n > SPARSE_MAX) {
		*why = too_many;
		return -1;
	}
	for (n *= 2; n; n--)
		if (text_number(&t, &value, why) < 0 ||
		    sparse_add_number(s, value, why) < 0)
			return -1;
	return 0;
}

int
sparse_check(
    const struct sparse *s, int64_t size, int64_t data, const char **why)
{
	const struct tar_segment *last = s->n ? &s->segments[s->n - 1] : NULL;

	if (s->data != data || s->pending >= 0 || size < 0 ||
	    (last && last->offset + last->len > size)) {
		*why = "its sparse map doesn't fit its size";
		return -1;
	}
	return 0;
}
