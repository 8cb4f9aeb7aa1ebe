/* SPDX-License-Identifier: ISC */
/*
 * The archive that oci-flatten writes, of the entries of t/fuzz/line.h, read
 * back.  With FUZZ_KEEP set to a directory the archive is left there.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/source.h"
#include "lib/tar.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "t/fuzz/fuzz.h"
#include "t/fuzz/line.h"
#include "unpack/apply/attributes.h"
#include "unpack/output/tarwrite.h"

#define ENTRIES 64

static struct line lines[ENTRIES];
static size_t nlines;

struct archive {
	struct source source;
	unsigned char *p;
	size_t len;
	bool read;
};

static ssize_t
archive_next(struct source *source, const unsigned char **p)
{
	struct archive *a = (struct archive *)source;

	*p = a->p;
	if (a->read)
		return 0;
	a->read = true;
	return (ssize_t)a->len;
}

static unsigned char
byte_at(int64_t offset)
{
	return (unsigned char)(1 + offset % 251);
}

/* Of what has this many bytes, in pieces of all kinds of lengths. */
static void
piece_write(struct tarwrite *w, int64_t offset, int64_t len)
{
	unsigned char piece[700];
	size_t n;

	for (int64_t i = 0; i < len; i += (int64_t)n) {
		n = 1 + (size_t)(offset + i) * 7 % sizeof piece;
		if ((int64_t)n > len - i)
			n = (size_t)(len - i);
		for (size_t k = 0; k < n; k++)
			piece[k] = byte_at(offset + i + (int64_t)k);
		tarwrite_data(w, piece, n);
	}
}

static void
line_write(struct tarwrite *w, const struct line *l)
{
	const struct tar_entry *e = &l->entry;

	tarwrite_entry(w, e->name, e->type == '1' ? e->link : NULL, e);
	if (!e->sparse)
		piece_write(w, 0, e->size);
	for (size_t i = 0; i < e->nsegments; i++)
		piece_write(w, l->segments[i].offset, l->segments[i].len);
}

static void
archive_make(struct archive *a)
{
	struct tarwrite w;
	int fd = memfd_create("archive", MFD_CLOEXEC);
	off_t end;

	if (fd < 0)
		diesys("memfd_create");
	tarwrite_begin(&w, fd);
	for (size_t i = 0; i < nlines; i++)
		line_write(&w, &lines[i]);
	tarwrite_end(&w);
	free(w.out);
	buf_free(&w.pax);
	buf_free(&w.map);
	end = lseek(fd, 0, SEEK_END);
	fuzz_must(end % TAR_BLOCK == 0, "an archive is of whole blocks");
	a->len = (size_t)end;
	a->p = xmalloc(a->len);
	if (pread(fd, a->p, a->len, 0) != end)
		diesys("the archive");
	close(fd);
}

/* The bytes that a file has when it is unpacked. */
static unsigned char *
content_of(const struct tar_entry *e)
{
	unsigned char *p = xcalloc((size_t)e->size + 1, 1);
	struct tar_segment all = {0, e->size};
	const struct tar_segment *s = e->sparse ? e->segments : &all;
	size_t n = e->sparse ? e->nsegments : 1;

	for (size_t i = 0; i < n; i++)
		for (int64_t k = 0; k < s[i].len; k++)
			p[s[i].offset + k] = byte_at(s[i].offset + k);
	return p;
}

static unsigned char *
content_read(struct tar_reader *t, const struct tar_entry *e)
{
	unsigned char *p = xcalloc((size_t)e->size + 1, 1);
	struct tar_segment all = {0, e->size};
	const struct tar_segment *s = e->sparse ? e->segments : &all;
	size_t i = 0, n = e->sparse ? e->nsegments : 1;
	const unsigned char *from;
	const char *why;
	int64_t at = 0;
	ssize_t got;

	while ((got = tar_data(t, &from, &why)) > 0)
		for (ssize_t k = 0; k < got; k++) {
			while (i < n && at == s[i].len) {
				i++;
				at = 0;
			}
			fuzz_must(i < n, "there is no more data than is said");
			p[s[i].offset + at++] = from[k];
		}
	fuzz_must(got == 0, "the data is there");
	return p;
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static void
xattrs_check(const struct tar_entry *e, const struct tar_entry *got)
{
	size_t n = 0;

	for (size_t i = 0; i < e->nxattrs; i++) {
		const struct tar_xattr *x = &e->xattrs[i];

		if (!attributes_wanted(e->name, x))
			continue;
		fuzz_must(n < got->nxattrs &&
			      !strcmp(got->xattrs[n].name, x->name) &&
			      got->xattrs[n].len == x->len &&
			      !memcmp(got->xattrs[n].value, x->value, x->len),
		    "an attribute is what it was");
		n++;
	}
	fuzz_must(n == got->nxattrs, "there is no other attribute");
}

static void
entry_check(struct tar_reader *t, const struct tar_entry *e,
    const struct tar_entry *got)
{
	char *name = xasprintf("%s%s", e->name, e->type == '5' ? "/" : "");
	unsigned char *wanted, *read;

	fuzz_must(got->type == e->type, "a type is what it was");
	fuzz_must(!strcmp(got->name, name), "a name is what it was");
	if (e->type == '1' || e->type == '2')
		fuzz_must(!strcmp(got->link, e->link), "a target is");
	fuzz_must(got->mode == e->mode && got->uid == e->uid &&
		      got->gid == e->gid && got->size == e->size &&
		      got->major == e->major && got->minor == e->minor,
	    "numbers are");
	fuzz_must(same_time(got->mtime, e->mtime), "a time is");
	xattrs_check(e, got);
	if (e->type == '0') {
		wanted = content_of(e);
		read = content_read(t, got);
		fuzz_must(!memcmp(wanted, read, (size_t)e->size),
		    "data is what it was");
		free(wanted);
		free(read);
	}
	free(name);
}

static void
keep(const struct archive *a)
{
	static int number;
	const char *dir = getenv("FUZZ_KEEP");
	char *path;
	int fd;

	if (!dir)
		return;
	path = xasprintf("%s/%d.tar", dir, number++);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || io_write(fd, a->p, a->len) < 0)
		diesys("%s", path);
	close(fd);
	free(path);
}

static void
both(void *arg)
{
	struct archive a = {.source.next = archive_next};
	const struct tar_entry *got;
	struct tar_reader *t;
	const char *why = NULL;

	(void)arg;
	archive_make(&a);
	keep(&a);
	t = tar_reader_new(&a.source);
	for (size_t i = 0; i < nlines; i++) {
		fuzz_must(tar_next(t, &got, &why) > 0, "an entry is read");
		entry_check(t, &lines[i].entry, got);
	}
	fuzz_must(tar_next(t, &got, &why) == 0, "there is an end");
	tar_reader_free(t);
	free(a.p);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = fuzz_text(data, len), *rest = text, *line;

	nlines = 0;
	while (nlines < ENTRIES && (line = fuzz_line(&rest)))
		nlines += line_parse(line, &lines[nlines]);
	fuzz_must(fuzz_survived(both, NULL), "an archive is written and read");
	free(text);
	return 0;
}
