/* SPDX-License-Identifier: ISC */
/* A file with holes in GNU's format 1.0. */
#include "unpack/output/holes.h"

#include <inttypes.h>

#include "lib/buf.h"
#include "lib/tar.h"
#include "lib/tarentry.h"

/* The first segment from i on that has data, or their number. */
static size_t
with_data(const struct tar_entry *e, size_t i)
{
	while (i < e->nsegments && !e->segments[i].len)
		i++;
	return i;
}

/*
 * The zeros behind segment i of those from begin on; true when the next begins
 * behind them, false when it is one with these.
 */
static bool
zeros_behind(const struct holes *h, size_t i, int64_t *zeros)
{
	const struct tar_segment *s = &h->entry->segments[i];
	size_t next = with_data(h->entry, i + 1);
	int64_t end = s->offset + s->len, gap;

	*zeros = 0;
	if (next == h->entry->nsegments)
		return true;
	gap = h->entry->segments[next].offset - end;
	*zeros = (int64_t)tar_padding(end - h->begin);
	if (*zeros <= gap)
		return true;
	*zeros = gap;
	return false;
}

static void
enter(struct holes *h, size_t i, bool anew)
{
	h->at = with_data(h->entry, i);
	h->done = 0;
	if (anew && h->at < h->entry->nsegments)
		h->begin = h->entry->segments[h->at].offset;
}

int64_t
holes_begin(struct holes *h, const struct tar_entry *e, struct buf *map)
{
	int64_t data = 0, end = 0, zeros;
	struct buf pairs = {0};
	size_t n = 0;

	*h = (struct holes){.entry = e};
	for (enter(h, 0, true); h->at < e->nsegments;) {
		const struct tar_segment *s = &e->segments[h->at];
		bool ends = zeros_behind(h, h->at, &zeros);

		end = s->offset + s->len + zeros;
		if (ends) {
			buf_addf(&pairs, "%" PRId64 "\n%" PRId64 "\n", h->begin,
			    end - h->begin);
			data += end - h->begin;
			n++;
		}
		enter(h, h->at + 1, ends);
	}
	if (end < e->size || !n) /* as GNU tar says that a hole is the last */
		buf_addf(&pairs, "%" PRId64 "\n0\n", e->size);
	buf_addf(map, "%zu\n", n + (end < e->size || !n));
	if (pairs.len)
		buf_add(map, pairs.data, pairs.len);
	buf_free(&pairs);
	enter(h, 0, true);
	return data;
}

size_t
holes_take(struct holes *h, size_t n, size_t *zeros)
{
	int64_t left = h->entry->segments[h->at].len - h->done, more = 0;

	*zeros = 0;
	if ((int64_t)n < left) {
		h->done += (int64_t)n;
		return n;
	}
	enter(h, h->at + 1, zeros_behind(h, h->at, &more));
	*zeros = (size_t)more;
	return (size_t)left;
}
