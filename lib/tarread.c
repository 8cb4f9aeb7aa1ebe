/* SPDX-License-Identifier: ISC */
/* A tar archive from a source, one entry after the other. */
#include "lib/tarread.h"

#include <stdlib.h>
#include <string.h>

#include "lib/blocks.h"
#include "lib/mem.h"
#include "lib/pax.h"
#include "lib/sparse.h"
#include "lib/tar.h"

#define TEXT_MAX (1 << 20) /* bytes of a long name or an extended header */

struct tar_reader {
	struct blocks blocks;
	int64_t left;   /* data of the entry that wasn't lent yet */
	size_t padding; /* zeros behind it */
	bool ended;
	struct tarheader header;
	struct buf name, link, text, global;
	struct pax pax;
	bool extended; /* there was an extended header of this entry */
	struct sparse sparse;
	char ustar_name[256 + 1];
	char ustar_link[100 + 1];
	struct tar_entry entry;
};

struct tar_reader *
tar_reader_new(struct source *s)
{
	struct tar_reader *t = xcalloc(1, sizeof *t);

	t->blocks.source = s;
	t->pax.sparse = &t->sparse;
	return t;
}

void
tar_reader_free(struct tar_reader *t)
{
	buf_free(&t->name);
	buf_free(&t->link);
	buf_free(&t->text);
	buf_free(&t->global);
	free(t->sparse.segments);
	free(t);
}

bool
tar_ended(const struct tar_reader *t)
{
	return t->ended;
}

/* The data of a header that speaks of the next one, with a NUL behind it. */
static int
read_text(
    struct tar_reader *t, int64_t size, struct buf *text, const char **why)
{
	if (size > TEXT_MAX) {
		*why = "a name or an extended header is longer than 1 MiB";
		return -1;
	}
	if (blocks_text(&t->blocks, size, text, why) < 0)
		return -1;
	return blocks_skip(&t->blocks, (int64_t)tar_padding(size), why);
}

/* NAME or PREFIX/NAME; GNU's header has other things behind the names. */
static const char *
ustar_name(struct tar_reader *t)
{
	const struct tarheader *h = &t->header;
	size_t n = 0;

	if (!memcmp(h->magic, "ustar", 6) && h->prefix[0]) {
		/* star has its times behind a shorter prefix. */
		size_t max =
		    memcmp(h->padding + 8, "tar", 4) ? sizeof h->prefix : 131;

		n = strnlen(h->prefix, max);
		memcpy(t->ustar_name, h->prefix, n);
		t->ustar_name[n++] = '/';
	}
	memcpy(t->ustar_name + n, h->name, sizeof h->name);
	t->ustar_name[n + sizeof h->name] = 0;
	return t->ustar_name;
}

static const char *
ustar_link(struct tar_reader *t)
{
	memcpy(t->ustar_link, t->header.linkname, sizeof t->header.linkname);
	return t->ustar_link;
}

static int
read_extended(struct tar_reader *t, int64_t size, const char **why)
{
	if (t->extended) {
		*why = "it has two extended headers";
		return -1;
	}
	t->extended = true;
	if (read_text(t, size, &t->text, why) < 0)
		return -1;
	return pax_parse(&t->pax, t->text.data, t->text.len, why);
}

static int
read_long(
    struct tar_reader *t, int64_t size, struct buf *name, const char **why)
{
	if (name->len) {
		*why = "it has two long names";
		return -1;
	}
	if (read_text(t, size, name, why) < 0)
		return -1;
	if (*name->data)
		return 0;
	*why = "its long name is empty";
	return -1;
}

/*
 * Read a header that only describes the next one (a long name, a PAX header):
 * 0; 1 when this header is an entry's own; -1 with a reason.
 */
static int
read_extension(struct tar_reader *t, int64_t size, const char **why)
{
	switch (t->header.typeflag) {
	case 'L':
		return read_long(t, size, &t->name, why);
	case 'K':
		return read_long(t, size, &t->link, why);
	case 'x':
		return read_extended(t, size, why);
	case 'g':
		if (read_text(t, size, &t->global, why) < 0)
			return -1;
		return pax_parse_global(t->global.data, t->global.len, why);
	default:
		return 1;
	}
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
		if (sparse_read_old(&t->sparse, &t->blocks,
			(const unsigned char *)&t->header, &e->size, why) < 0)
			return -1;
	} else if (t->pax.sparse_any) {
		if (t->pax.sparse_major > 0 &&
		    sparse_read_text(&t->sparse, &t->blocks, &t->left, why) < 0)
			return -1;
		e->size = t->pax.sparse_size;
		if (t->pax.sparse_name)
			e->name = t->pax.sparse_name;
	} else {
		return 0;
	}
	e->type = '0';
	e->sparse = true;
	e->segments = t->sparse.segments;
	e->nsegments = t->sparse.n;
	return sparse_check(&t->sparse, e->size, t->left, why);
}

static bool
is_set(const struct tar_reader *t, unsigned what)
{
	return t->pax.has & what;
}

/* What the header says, where no extended header says otherwise. */
static int
read_numbers(struct tar_reader *t, int64_t size, const char **why)
{
	const struct tarheader *h = &t->header;
	struct tar_entry *e = &t->entry;
	int64_t mode, uid, gid, mtime;

	*why = "a field of its header is no number";
	if (tar_number(h->mode, sizeof h->mode, &mode) < 0 ||
	    tar_number(h->uid, sizeof h->uid, &uid) < 0 ||
	    tar_number(h->gid, sizeof h->gid, &gid) < 0 ||
	    tar_number(h->mtime, sizeof h->mtime, &mtime) < 0)
		return -1;
	if (is_set(t, PAX_UID))
		uid = t->pax.uid;
	if (is_set(t, PAX_GID))
		gid = t->pax.gid;
	/* The last one is the kernel's "no id". */
	if (uid < 0 || uid >= UINT32_MAX || gid < 0 || gid >= UINT32_MAX) {
		*why = "its owner is out of range";
		return -1;
	}
	if (mode < 0 || mode > 0xffffff) {
		*why = "its mode is out of range";
		return -1;
	}
	e->mode = mode & 07777;
	e->uid = (uid_t)uid;
	e->gid = (gid_t)gid;
	e->size = is_set(t, PAX_SIZE) ? t->pax.size : size;
	e->mtime = (struct timespec){.tv_sec = mtime};
	if (is_set(t, PAX_MTIME))
		e->mtime = t->pax.mtime;
	e->atime = is_set(t, PAX_ATIME) ? t->pax.atime : e->mtime;
	return 0;
}

static int
read_device(struct tar_reader *t, const char **why)
{
	const struct tarheader *h = &t->header;
	int64_t major, minor;

	if (tar_number(h->devmajor, sizeof h->devmajor, &major) < 0 ||
	    tar_number(h->devminor, sizeof h->devminor, &minor) < 0 ||
	    major < 0 || major > 0xfff || minor < 0 || minor > 0xfffff) {
		*why = "its device number is out of range";
		return -1;
	}
	t->entry.major = (unsigned)major;
	t->entry.minor = (unsigned)minor;
	return 0;
}

/* A name is given by GNU's long names or by pax(1): readers differ on both. */
static int
read_names(struct tar_reader *t, const char **why)
{
	struct tar_entry *e = &t->entry;
	bool link = t->header.typeflag == '1' || t->header.typeflag == '2';

	if ((t->name.len && t->pax.path) || (t->link.len && t->pax.link)) {
		*why = "its name is given in two ways";
		return -1;
	}
	e->name = t->name.len   ? t->name.data
		  : t->pax.path ? t->pax.path
				: ustar_name(t);
	e->link = !link         ? ""
		  : t->link.len ? t->link.data
		  : t->pax.link ? t->pax.link
				: ustar_link(t);
	return 0;
}

static bool
ends_in_slash(const char *name)
{
	return *name && name[strlen(name) - 1] == '/';
}

/* The type of an entry, which older programs told in other ways. */
static int
read_type(struct tar_reader *t, const char **why)
{
	struct tar_entry *e = &t->entry;

	e->type = t->header.typeflag;
	if (e->type == '7')
		e->type = '0';
	if (e->type == 'D') /* GNU's, with a list of names for its data */
		e->type = '5';
	if (e->type)
		return 0;
	e->type = ends_in_slash(e->name) ? '5' : '0';
	if (ends_in_slash(e->name) == ends_in_slash(ustar_name(t)))
		return 0;
	*why = "it is a directory by one of its names, and a file by another";
	return -1;
}

static int
read_entry(struct tar_reader *t, int64_t size, const char **why)
{
	struct tar_entry *e = &t->entry;

	*e = (struct tar_entry){0};
	if (read_names(t, why) < 0 || read_type(t, why) < 0 ||
	    read_numbers(t, size, why) < 0)
		return -1;
	e->xattrs = t->pax.xattrs;
	e->nxattrs = t->pax.nxattrs;
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
	if (t->pax.sparse_any &&
	    (e->type != '0' || !is_sparse_format(&t->pax))) {
		*why = "its sparse format is not known";
		return -1;
	}
	if (e->type == '3' || e->type == '4')
		return read_device(t, why);
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
	t->name.len = t->link.len = 0;
	t->extended = false;
	pax_clear(&t->pax);
	sparse_clear(&t->sparse);
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
			*why = "the archive ends behind an extended header";
			return -1;
		}
		return r ? read_end(t, why) : 0;
	}
	if (!tar_header_read(block, h)) {
		*why = "no tar header where one should be";
		return -1;
	}
	if (tar_number(h->size, sizeof h->size, size) < 0 || *size < 0) {
		*why = "a member's size is no number";
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
		r = read_extension(t, size, why);
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
		*why = "behind the end of the archive is something else";
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
