/* SPDX-License-Identifier: ISC */
/* Blobs that are there already: staged by this run, or the layout's. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/io.h"
#include "lib/layout.h"
#include "lib/mem.h"

#define RUN (256 << 10) /* bytes that are read and hashed at a time */

int64_t
store_staged(const struct store *s, const char *digest)
{
	struct stat st;

	if (!fstatat(
		s->staging.fd, digest_hex(digest), &st, AT_SYMLINK_NOFOLLOW))
		return st.st_size;
	if (errno != ENOENT)
		diesys("%s: %s", s->path, digest);
	return -1;
}

bool
store_has(const struct store *s, const char *digest)
{
	struct stat st;
	int fd = s->layout < 0 ? -1 : blob_lookup(s->layout, digest, &st);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

char *
store_read(const struct store *s, const struct descriptor *d, size_t max)
{
	char *text;

	if (store_staged(s, d->digest) < 0)
		return blob_read(s->layout, d, max);
	if ((uint64_t)d->size > max)
		die("%s: %lld bytes are more than %zu", d->digest,
		    (long long)d->size, max);
	text = io_slurp_at(s->staging.fd, digest_hex(d->digest), max, NULL);
	if (!text)
		diesys("%s: %s", s->path, d->digest);
	return text;
}

int
store_open_blob(const struct store *s, const char *digest)
{
	struct stat st;
	int fd =
	    openat(s->staging.fd, digest_hex(digest), O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		fd = blob_lookup_open(s->layout, digest, &st);
	if (fd < 0)
		diesys("%s: %s", s->path, digest);
	return fd;
}

int
store_hash(int fd, const char *like, char text[DIGEST_MAX])
{
	unsigned char *p = xmalloc(RUN);
	struct digest digest;
	ssize_t n;

	digest_init(&digest, like);
	while ((n = io_read(fd, p, RUN)) > 0)
		digest_update(&digest, p, (size_t)n);
	digest_final(&digest, text);
	free(p);
	return n < 0 ? -1 : 0;
}

enum taken
store_take(const struct store *s, const struct descriptor *d)
{
	int fd = blob_open(s->layout, d);
	bool linked = store_link(s, d->digest, fd, s->layout), whole;
	char text[DIGEST_MAX];

	if (store_hash(fd, d->digest, text))
		diesys("%s: %s", s->path, d->digest);
	whole = !strcmp(text, d->digest);
	if (!whole && linked)
		store_unstage(s, d->digest);
	/* Who wrote it may not have seen to that; what is staged is synced. */
	if (whole && !linked && fdatasync(fd) < 0)
		diesys("%s: %s", s->path, d->digest);
	close(fd);
	return !whole ? TAKEN_DAMAGED : linked ? TAKEN_STAGED : TAKEN_IN_PLACE;
}
