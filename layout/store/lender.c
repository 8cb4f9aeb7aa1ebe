/* SPDX-License-Identifier: ISC */
/* Blobs that another layout has, taken without their bytes being written. */
#include "layout/store/lender.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/store/blob.h"
#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/io.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "lib/mem.h"
#include "lib/options.h"

#define RUN (256 << 10) /* bytes that are copied at a time */

/* An empty directory, or none, has nothing yet. */
static void
lender_open(struct lender *l)
{
	l->layout = open(l->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->layout < 0 && errno == ENOENT)
		return;
	if (l->layout < 0)
		diesys("--cache: %s", l->dir);
	if (store_is_bare(l->layout)) {
		close(l->layout);
		l->layout = -1;
		return;
	}
	layout_check(l->layout, l->dir);
}

void
lenders_open(struct lenders *l, const struct option_list *dirs)
{
	l->n = dirs->n;
	l->all = xcalloc(l->n + 1, sizeof *l->all);
	for (size_t i = 0; i < l->n; i++) {
		l->all[i] = (struct lender){.dir = dirs->all[i]};
		lender_open(&l->all[i]);
	}
}

void
lenders_look(struct lenders *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->all[i].layout < 0)
			lender_open(&l->all[i]);
}

void
lenders_close(struct lenders *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->all[i].layout >= 0)
			close(l->all[i].layout);
	free(l->all);
	*l = (struct lenders){0};
}

bool
lenders_have(const struct lenders *l, const struct descriptor *d)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->all[i].layout >= 0 &&
		    blob_size(l->all[i].layout, d->digest) == d->size)
			return true;
	return false;
}

/*
 * The blob's file, open to be read, with the size that it is to have; or -1,
 * with a word about one that is there and can't be read.
 */
static int
file_open(const struct lender *l, const struct descriptor *d, struct stat *st)
{
	int fd = blob_lookup_open(l->layout, d->digest, st);

	if (fd < 0 && errno != ENOENT && errno != EINVAL)
		warnsys("--cache %s: %s", l->dir, d->digest);
	if (fd < 0 || st->st_size == d->size)
		return fd;
	close(fd);
	return -1;
}

/* A new file with the extents of the other, which the kernel has written. */
static bool
file_clone(struct lender *l, const struct store *s, const char *digest, int fd)
{
	int to;

	if (l->no_clone)
		return false;
	to = store_create(s, digest_hex(digest));
	l->no_clone = ioctl(to, FICLONE, fd) != 0;
	close(to);
	if (l->no_clone)
		store_unstage(s, digest);
	return !l->no_clone;
}

/*
 * Whether the file may be a part of two layouts: nobody but this user and root
 * can write to it, and all who may read a new file may read it.
 */
static bool
may_link(const struct stat *st)
{
	mode_t mask = umask(077), wanted = 0444 & ~mask;

	umask(mask);
	return (st->st_uid == geteuid() || st->st_uid == 0) &&
	       !(st->st_mode & 022) && (st->st_mode & wanted) == wanted;
}

/* Whether what is staged by now is the blob, to its last byte. */
static bool
is_whole(const struct lender *l, const struct store *s, const char *digest)
{
	int fd = store_open_blob(s, digest), r;
	char text[DIGEST_MAX];

	r = store_hash(fd, digest, text);
	if (r)
		warnsys("--cache %s: %s", l->dir, digest);
	close(fd);
	return !r && !strcmp(text, digest);
}

/* Whether the file's bytes, which are staged, are the blob. */
static bool
file_copy(const struct lender *l, const struct store *s,
    const struct descriptor *d, int fd)
{
	unsigned char *p = xmalloc(RUN);
	struct blob b;
	ssize_t n = 0;

	blob_begin(&b, s, d->digest, d->size);
	while (b.size <= d->size && (n = io_read(fd, p, RUN)) > 0)
		blob_write(&b, p, (size_t)n);
	if (n < 0)
		warnsys("--cache %s: %s", l->dir, d->digest);
	free(p);
	return blob_is_whole(&b) && !n;
}

/* False, and nothing is staged, where the file isn't the blob. */
static bool
file_give(struct lender *l, const struct store *s, const struct descriptor *d,
    int fd, const struct stat *st)
{
	bool whole;

	if (file_clone(l, s, d->digest, fd) ||
	    (may_link(st) && store_link(s, d->digest, fd, l->layout)))
		whole = is_whole(l, s, d->digest);
	else
		whole = file_copy(l, s, d, fd);
	if (whole) {
		futimens(fd, NULL); /* oci-layout-gc --age goes by that */
		return true;
	}
	store_unstage(s, d->digest);
	warn("--cache %s: %s: the blob is damaged; remove it, and have it "
	     "fetched again",
	    l->dir, d->digest);
	return false;
}

bool
lenders_give(
    struct lenders *l, const struct store *s, const struct descriptor *d)
{
	bool given = false;
	struct stat st;
	int fd;

	for (size_t i = 0; i < l->n && !given; i++) {
		if (l->all[i].layout < 0)
			continue;
		fd = file_open(&l->all[i], d, &st);
		if (fd < 0)
			continue;
		given = file_give(&l->all[i], s, d, fd, &st);
		close(fd);
	}
	return given;
}
