/* SPDX-License-Identifier: ISC */
/*
 * What a cache has of a blob that is on its way, and gets of it.
 *
 * A blob that another process began is hashed from its first byte, and nothing
 * of it goes to the stream before all of it was verified: should its bytes be
 * wrong, after a crash of the machine say, it can be fetched again.  Of one
 * that this process fetches alone the bytes go on at once, as without a cache.
 */
#include "fetch/image/keeping.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/image/download.h"
#include "fetch/image/spool.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/server.h"
#include "fetch/stock/cache.h"
#include "fetch/stock/stock.h"
#include "lib/io.h"
#include "lib/mem.h"

#define PIECE (256 << 10)
#define PIECES 16 /* that are hashed before others have their turn */

static struct cache *
cache_of(const struct download *d)
{
	return d->registry->stock->cache;
}

/* Begin to hash the spool. */
static void
check_begin(struct download *d)
{
	d->state = DOWNLOAD_CHECKS;
	d->checked = 0;
	digest_init(&d->digest, d->blob->digest);
}

/*
 * Whether the cache has the blob, whose file is the spool then: another than
 * the one that was wrong.
 */
static bool
find(struct download *d)
{
	struct stat st;

	d->spool = cache_find(cache_of(d), d->blob);
	if (d->spool >= 0 && !fstat(d->spool, &st) && st.st_ino != d->wrong) {
		check_begin(d);
		return true;
	}
	if (d->spool >= 0)
		close(d->spool);
	d->spool = -1;
	return false;
}

/* The file in .partial/ is this process's. */
static void
part_begin(struct download *d)
{
	/* Who had it may have published the blob since it was looked for. */
	if (find(d)) {
		part_remove(&d->part);
		return;
	}
	d->kept = true;
	d->spool = d->part.fd;
	if (d->part.size)
		check_begin(d);
	else
		download_ask(d, 0);
}

static void
look(struct download *d)
{
	if (find(d))
		return;
	switch (part_open(&d->part, cache_of(d), d->blob)) {
	case PART_OURS:
		part_begin(d);
		break;
	case PART_BUSY:
		d->state = DOWNLOAD_WAITS;
		break;
	case PART_NONE:
		download_ask(d, 0);
	}
}

void
keeping_begin(struct download *d)
{
	d->state_seen = -1;
	d->state_at = clock_now();
	look(d);
}

/* Whether the other process has been silent for as long as a server may. */
static bool
is_stuck(struct download *d)
{
	int64_t state = part_state(cache_of(d), d->blob->digest);

	if (state != d->state_seen)
		d->state_at = clock_now();
	d->state_seen = state;
	return clock_now() - d->state_at >
	       d->registry->transport.timeout * 1000;
}

void
keeping_look(struct download *d)
{
	if (is_stuck(d))
		download_ask(d, 0);
	else
		look(d);
}

static bool
is_whole(struct download *d)
{
	char text[DIGEST_MAX];

	digest_final(&d->digest, text);
	return strcmp(text, d->blob->digest) == 0;
}

/* The blob that the cache has, or all of its part, was hashed. */
static void
check_end(struct download *d)
{
	struct stat st;

	if (is_whole(d)) {
		if (d->kept)
			part_publish(&d->part);
		else
			cache_used(d->spool);
		d->complete = true;
		free(d->path);
		return;
	}
	if (d->kept) {
		keeping_again(d);
		return;
	}
	warn("--cache %s: %s: it is damaged, and fetched again",
	    cache_of(d)->dir, d->blob->digest);
	if (!fstat(d->spool, &st))
		d->wrong = st.st_ino;
	close(d->spool);
	digest_init(&d->digest, d->blob->digest);
	look(d);
}

void
keeping_check(struct download *d)
{
	int64_t size = d->kept ? d->part.size : d->blob->size;
	unsigned char *p = xmalloc(PIECE);
	ssize_t n = 1;

	for (int i = 0; i < PIECES && n > 0 && d->checked < size; i++) {
		n = pread(d->spool, p, PIECE, d->checked);
		if (n <= 0)
			break;
		if (n > size - d->checked)
			n = (ssize_t)(size - d->checked);
		digest_update(&d->digest, p, (size_t)n);
		d->checked += n;
	}
	free(p);
	if (n > 0 && d->checked < size)
		return;
	if (d->checked < d->blob->size && d->kept && n > 0) {
		d->resumed = true;
		download_ask(d, d->part.size);
	} else {
		check_end(d);
	}
}

void
keeping_again(struct download *d)
{
	warn("--cache %s: %s: what was there of it is damaged; it is fetched "
	     "again",
	    cache_of(d)->dir, d->blob->digest);
	download_again(d);
}

/* From the cache to a spool, whose end is where its descriptor is. */
static void
move_out(struct download *d)
{
	unsigned char *p = xmalloc(PIECE);
	int spool = spool_open();
	int64_t at = 0;
	ssize_t n = 1;

	for (; at < d->part.size && n > 0; at += n) {
		n = d->part.size - at < PIECE ? d->part.size - at : PIECE;
		n = pread(d->part.fd, p, (size_t)n, at);
		if (n > 0 && io_write(spool, p, (size_t)n))
			diesys("the temporary file of %s", d->blob->digest);
	}
	if (at < d->part.size)
		die("%s: what is kept of it can't be read", d->blob->digest);
	free(p);
	part_remove(&d->part);
	d->spool = spool;
	d->kept = false;
}

bool
keeping_write(struct download *d, const char *p, size_t n)
{
	if (!part_write(&d->part, p, n))
		return true;
	cache_give_up(cache_of(d), d->blob->digest, NULL);
	move_out(d);
	return false;
}
