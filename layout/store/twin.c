/* SPDX-License-Identifier: ISC */
/* The layout's copy of a blob that comes. */
#include "layout/store/twin.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "lib/blob.h"

#define RUN (16 << 10) /* bytes that are read at a time */

/* Whether nobody can change it or is kept from it more than of a new file. */
static bool
is_as_new(const struct stat *st)
{
	mode_t mask = umask(077), wanted = 0444 & ~mask;

	umask(mask);
	return (st->st_uid == geteuid() || st->st_uid == 0) &&
	       !(st->st_mode & 022 & mask) && (st->st_mode & wanted) == wanted;
}

int
twin_open(const struct store *s, const char *digest, int64_t size)
{
	struct stat st;
	int fd;

	if (s->layout < 0 || store_staged(s, digest) >= 0)
		return -1;
	fd = blob_lookup_open(s->layout, digest, &st);
	if (fd < 0)
		return -1;
	if (st.st_size == size && is_as_new(&st) &&
	    store_link(s, digest, fd, s->layout))
		return fd;
	close(fd);
	return -1;
}

bool
twin_is_same(int fd, off_t at, const unsigned char *p, size_t n)
{
	unsigned char there[RUN];
	ssize_t r;

	for (; n; p += r, at += r, n -= (size_t)r) {
		r = pread(fd, there, n < RUN ? n : RUN, at);
		if (r <= 0 || memcmp(there, p, (size_t)r) != 0)
			return false;
	}
	return true;
}

bool
twin_ends(int fd, off_t size)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_size == size;
}
