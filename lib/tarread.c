/* SPDX-License-Identifier: ISC */
/* A tar archive from a source, one entry after the other. */
#include "lib/tarread.h"

#include <stdlib.h>
#include <string.h>

#include "lib/blocks.h"
#include "lib/mem.h"
#include "lib/tar.h"
#include "lib/tarentry.h"
#include "lib/tarextension.h"
#include "lib/tarfields.h"

struct tar_reader {
	struct blocks blocks;
	int64_t left;   /* data of the entry that wasn't lent yet */
	size_t padding; /* zeros behind it */
	bool ended;
	struct tarheader header;
	struct tar_extension extension;
	struct tar_fields fields;
	struct tar_entry entry;
};

struct tar_reader *
tar_reader_new(struct source *s)
{
	struct tar_reader *t = xcalloc(1, sizeof *t);

	t->blocks.source = s;
	return t;
}

void
tar_reader_free(struct tar_reader *t)
{
	tar_extension_free(&t->extension);
	free(t);
}

bool
tar_ended(const struct tar_reader *t)
{
	return t->ended;
}

/* Whether the records of an extended header are those of a known format. */
static bool
is_sparse_format(const struct pax *p)
{
	if (p->sparse_size < 0)
		return false;
	if (p->sparse_major == 1)
		return p->sparse_minor == 0 && !p->sparse_map;
	return p->sparse_major <= 0 && p->sparse_minor <= 1 && p->sparse_map;
}

/* A file of type '0' or 'S': its holes, if it has any. */
static int
read_sparse(struct tar_reader *t, const char **why)
{
	struct tar_entry *e = &t->entry;

	if (e->type == 'S') {
		if (sparse_read_old(&t->extension.sparse, &t->blocks,
			(const unsigned char *)&t->header, &e->size, why) < 0)
			return -1;
	} else if (t->extension.pax.sparse_any) {
		if (t->extension.pax.sparse_major > 0 &&
		    sparse_read_text(
			&t->extension.sparse, &t->blocks, &t->left, why) < 0)
			return -1;
		e->size = t->extension.pax.sparse_size;
		if (t->extension.pax.sparse_name)
			e->name = t->extension.pax.sparse_name;
	} else {
		return 0;
	}
	e->type = '0';
	e->sparse = true;
	e->segments = t->extension.sparse.segments;
	e->nsegments = t->extension.sparse.n;
	return sparse_check(&t->extension.sparse, e->size, t->left, why);
}

static int
read_entry(struct tar_reader *t, int64_t size, const char **why)
{
	struct tar_entry *e = &t->entry;

	if (tar_fields_read(
		&t->fields, &t->header, &t->extension, size, e, why) < 0)
		return -1;
	e->xattrs = t->extension.pax.xattrs;
	e->nxattrs = t->extension.pax.nxattrs;
	/* Old programs gave others than files a size, and no data. */
	t->left = e->size;
	if (e->type >= '1' && e->type <= '6') {
		e->size = 0;
		t->left = t->header.typeflag == 'D' ? t->left : 0;
	}
	if (t->left < 0 || t->left > INT64_MAX - TAR_BLOCK) {
		*why = "its size is out of range";
		return -1;
	}
	t->padding = tar_padding(t->left);
	if (t->extension.pax.sparse_any &&
	    (e->type != '0' || !is_sparse_format(&t->extension.pax))) {
		*why = "its sparse format is not known";
		return -1;
	}
	return e->type == '0' || e->type == 'S' ? read_sparse(t, why) : 0;
}

/* After a block of zeros: another, or the end of the source. */
static int
read_end(struct tar_reader *t, const char **why)
{
	const unsigned char *block;
	int r = blocks_next(&t->blocks, &block, why);

	if (r > 0 && !tar_block_zero(block)) {
		*why = "the archive has a single block of zeros in it";
		return -1;
	}
	t->ended = r > 0;
	return r < 0 ? -1 : 0;
}

/*
 * Pass over what is left of the last entry and forget it: 1; 0 when the source
 * ended behind its data, which some writers don't fill up to a block.
 */
static int
leave_entry(struct tar_reader *t, const char **why)
{
	size_t padding = t->padding;

	if (blocks_skip(&t->blocks, t->left, why) < 0)
		return -1;
	t->left = 0;
	t->padding = 0;
	tar_extension_clear(&t->extension);
	return blocks_pad(&t->blocks, padding, why);
}

/* The next header and its size; after an extended one something must come. */
static int
read_header(
    struct tar_reader *t, bool extended, int64_t *size, const char **why)
{
	struct tarheader *h = &t->header;
	const unsigned char *block;
	int r = blocks_next(&t->blocks, &block, why);

	if (r < 0)
		return -1;
	if (!r || tar_block_zero(block)) {
		if (extended) {
			*why = "the archive ends after an extended header";
			return -1;
		}
		return r ? read_end(t, why) : 0;
	}
	if (!tar_header_read(block, h)) {
		*why = "no tar header where one should be";
		return -1;
	}
	if (tar_number(h->size, sizeof h->size, size) < 0 || *size < 0) {
		*why = "a member's size is not a number";
		return -1;
	}
	return 1;
}

int
tar_next(struct tar_reader *t, const struct tar_entry **e, const char **why)
{
	bool extended = false;
	int64_t size;
	int r;

	if (t->ended)
		return 0;
	r = leave_entry(t, why);
	if (r <= 0)
		return r;
	do {
		r = read_header(t, extended, &size, why);
		if (r <= 0)
			return r;
		r = tar_extension_read(
		    &t->extension, &t->blocks, t->header.typeflag, size, why);
		extended = t->header.typeflag != 'g';
	} while (!r);
	*e = &t->entry;
	return r < 0 || read_entry(t, size, why) < 0 ? -1 : 1;
}

ssize_t
tar_data(struct tar_reader *t, const unsigned char **p, const char **why)
{
	ssize_t n;

	if (!t->left)
		return 0;
	n = blocks_take(&t->blocks, t->left, p, why);
	if (n > 0)
		t->left -= n;
	return n;
}

int
tar_again(struct tar_reader *t, const char **why)
{
	struct blocks *b = &t->blocks;
	size_t zeros = 0;
	int r;

	while ((r = blocks_fill(b, why)) > 0 && !*b->run)
		for (; b->avail && !*b->run; b->avail--, zeros++)
			b->run++;
	if (r <= 0)
		return r;
	if (zeros % TAR_BLOCK) {
		*why = "there is something else after the end of the archive";
		return -1;
	}
	t->ended = false;
	return 1;
}

int
tar_drain(struct tar_reader *t, const char **why)
{
	int r;

	while ((r = blocks_fill(&t->blocks, why)) > 0)
		t->blocks.avail = 0;
	return r;
}
