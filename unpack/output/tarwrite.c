/* SPDX-License-Identifier: ISC */
/* Entries as a tar archive. */
#include "unpack/output/tarwrite.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/tar.h"
#include "lib/tarentry.h"
#include "unpack/apply/attributes.h"

#define OUT (256 << 10)
#define OCTAL_ID 07777777       /* what seven octal digits hold */
#define OCTAL_SIZE 077777777777 /* eleven */

static const unsigned char zeros[TAR_BLOCK];

void
tarwrite_begin(struct tarwrite *w, int fd)
{
	*w = (struct tarwrite){.fd = fd};
	w->out = xmalloc(OUT);
}

static void
flush(struct tarwrite *w)
{
	if (io_write(w->fd, w->out, w->len) < 0)
		diesys("standard output");
	w->len = 0;
}

static void
put(struct tarwrite *w, const void *p, size_t n)
{
	if (!n)
		return;
	if (w->len + n > OUT)
		flush(w);
	if (n >= OUT) {
		if (io_write(w->fd, p, n) < 0)
			diesys("standard output");
		return;
	}
	memcpy(w->out + w->len, p, n);
	w->len += n;
}

/* A record's length is that of its own digits, too. */
static void
record(struct tarwrite *w, const char *key, const void *value, size_t len)
{
	size_t rest = strlen(key) + len + 3, n = rest + 1; /* ' ', '=', '\n' */
	char digits[24];

	while ((n = rest + (size_t)snprintf(digits, sizeof digits, "%zu", n)) !=
	       strtoull(digits, NULL, 10))
		;
	buf_adds(&w->pax, digits);
	buf_addf(&w->pax, " %s=", key);
	buf_add(&w->pax, value, len);
	buf_addc(&w->pax, '\n');
}

static void
record_text(struct tarwrite *w, const char *key, const char *value)
{
	record(w, key, value, strlen(value));
}

static void
record_number(struct tarwrite *w, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, value);
	record_text(w, key, text);
}

/*
 * In decimals, also before 1970, where the fraction counts backwards.  With all
 * nine digits: mkfs.erofs takes fewer for a number of nanoseconds.
 */
static void
record_time(struct tarwrite *w, const char *key, struct timespec t)
{
	bool back = t.tv_sec < 0 && t.tv_nsec;
	char text[48];
	int n;

	if (back)
		t = (struct timespec){-(t.tv_sec + 1), 1000000000 - t.tv_nsec};
	n = snprintf(text, sizeof text, "%s%" PRId64, back ? "-" : "",
	    (int64_t)t.tv_sec);
	if (t.tv_nsec)
		snprintf(
		    text + n, sizeof text - (size_t)n, ".%09ld", t.tv_nsec);
	record_text(w, key, text);
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* A number field, and a record where it is too small. */
static void
number(struct tarwrite *w, char *field, size_t len, const char *key,
    int64_t value, int64_t most)
{
	bool fits = value >= 0 && value <= most;

	tar_number_set(field, len, fits ? value : 0);
	if (!fits)
		record_number(w, key, value);
}

static void
times(struct tarwrite *w, struct tarheader *h, const struct tar_entry *e)
{
	bool fits = !e->mtime.tv_nsec && e->mtime.tv_sec >= 0 &&
		    e->mtime.tv_sec <= OCTAL_SIZE;

	tar_number_set(h->mtime, sizeof h->mtime,
	    e->mtime.tv_sec >= 0 && e->mtime.tv_sec <= OCTAL_SIZE
		? e->mtime.tv_sec
		: 0);
	if (!fits)
		record_time(w, "mtime", e->mtime);
	if (!same_time(e->atime, e->mtime))
		record_time(w, "atime", e->atime);
}

/* A name's field, and a record where it is too short. */
static void
name(struct tarwrite *w, char field[100], const char *key, const char *text)
{
	size_t n = strlen(text);

	memcpy(field, text, n < 100 ? n : 100);
	if (n > 100)
		record_text(w, key, text);
}

/* Of a hard link the attributes are those of what it is a name of. */
static void
xattrs(struct tarwrite *w, const char *path, const struct tar_entry *e)
{
	for (size_t i = 0; i < e->nxattrs; i++) {
		const struct tar_xattr *x = &e->xattrs[i];
		char *key;

		if (!attributes_wanted(path, x))
			continue;
		key = xasprintf("SCHILY.xattr.%s", x->name);
		record(w, key, x->value, x->len);
		free(key);
	}
}

/* GNU's format 1.0: the map is the beginning of the data. */
static void
sparse(struct tarwrite *w, struct tarheader *h, const char *path,
    const struct tar_entry *e)
{
	static const char holder[] = "GNUSparseFile.0/holes";

	memset(h->name, 0, sizeof h->name);
	memcpy(h->name, holder, sizeof holder);
	record_text(w, "GNU.sparse.major", "1");
	record_text(w, "GNU.sparse.minor", "0");
	record_text(w, "GNU.sparse.name", path);
	record_number(w, "GNU.sparse.realsize", e->size);
	w->data = holes_begin(&w->holes, e, &w->map);
	while (w->map.len % TAR_BLOCK)
		buf_addc(&w->map, 0);
}

/* The records that the entry's header has no room for come before it. */
static void
put_records(struct tarwrite *w)
{
	unsigned char block[TAR_BLOCK];

	if (!w->pax.len)
		return;
	tar_header_make(
	    block, "PaxHeaders/entry", 'x', 0644, (int64_t)w->pax.len);
	put(w, block, sizeof block);
	put(w, w->pax.data, w->pax.len);
	put(w, zeros, tar_padding((int64_t)w->pax.len));
	w->pax.len = 0;
}

static void
fields(struct tarwrite *w, struct tarheader *h, const struct tar_entry *e)
{
	tar_number_set(h->mode, sizeof h->mode, e->mode);
	number(w, h->uid, sizeof h->uid, "uid", e->uid, OCTAL_ID);
	number(w, h->gid, sizeof h->gid, "gid", e->gid, OCTAL_ID);
	times(w, h, e);
	tar_number_set(h->devmajor, sizeof h->devmajor, e->major);
	tar_number_set(h->devminor, sizeof h->devminor, e->minor);
}

void
tarwrite_entry(struct tarwrite *w, const char *path, const char *link,
    const struct tar_entry *e)
{
	struct tarheader h = {.typeflag = link ? '1' : e->type};
	bool is_file = h.typeflag == '0';
	char *full =
	    xasprintf("%s%s", *path ? path : ".", e->type == '5' ? "/" : "");

	if (!is_file || !e->sparse)
		name(w, h.name, "path", full);
	if (link || e->type == '2')
		name(w, h.linkname, "linkpath", link ? link : e->link);
	fields(w, &h, e);
	if (!link)
		xattrs(w, path, e);
	w->map.len = 0;
	w->data = is_file ? e->size : 0;
	if (is_file && e->sparse)
		sparse(w, &h, full, e);
	w->padding = tar_padding(w->data);
	number(w, h.size, sizeof h.size, "size", w->data + (int64_t)w->map.len,
	    OCTAL_SIZE);
	tarheader_finish(&h);
	put_records(w);
	put(w, &h, sizeof h);
	put(w, w->map.data, w->map.len);
	free(full);
}

/* Some of the data, and how much of it. */
static void
put_data(struct tarwrite *w, const void *p, size_t n)
{
	put(w, p, n);
	w->data -= (int64_t)n;
}

void
tarwrite_data(struct tarwrite *w, const unsigned char *p, size_t n)
{
	size_t some = n, none = 0;

	while (n) {
		if (w->map.len)
			some = holes_take(&w->holes, n, &none);
		put_data(w, p, some);
		put_data(w, zeros, none);
		p += some;
		n -= some;
	}
	if (!w->data)
		put(w, zeros, w->padding);
}

void
tarwrite_end(struct tarwrite *w)
{
	put(w, zeros, TAR_BLOCK);
	put(w, zeros, TAR_BLOCK);
	flush(w);
}
