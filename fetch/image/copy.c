/* SPDX-License-Identifier: ISC */
/*
 * The bytes of one blob, from its spool to the stream.
 *
 * A blob of the cache was hashed to its end before its first byte is copied.
 * Whoever else may write to its file could change it in between; then it is
 * what is copied that is hashed.
 */
#include "fetch/image/copy.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/image/download.h"
#include "fetch/image/outlet.h"
#include "lib/mem.h"

#define PIECE (256 << 10) /* bytes from a file to the stream at once */

/* A file without a name, of a spool, is this user's alone from its birth. */
static bool
others_write(int file)
{
	struct stat st;

	return fstat(file, &st) || st.st_uid != geteuid() || (st.st_mode & 022);
}

static void
doubted_copy(
    struct copy *c, struct outlet *o, const struct download *d, size_t n)
{
	char *p = xmalloc(n);
	ssize_t got;

	for (size_t at = 0; at < n; at += (size_t)got) {
		got = pread(d->spool, p, n - at, c->n + (int64_t)at);
		if (got < 0)
			diesys("%s: its file", d->blob->digest);
		if (got == 0)
			die("%s: its file is shorter than it was",
			    d->blob->digest);
		digest_update(&c->digest, p, (size_t)got);
		outlet_write(o, p, (size_t)got);
	}
	free(p);
}

static void
doubted_end(struct copy *c, const struct download *d)
{
	char text[DIGEST_MAX];

	digest_final(&c->digest, text);
	if (strcmp(text, d->blob->digest) != 0)
		die("%s: somebody changed its file while it was copied",
		    d->blob->digest);
}

bool
copy_some(struct copy *c, struct outlet *o, const struct download *d)
{
	int64_t n = download_readable(d) - c->n;

	if (!outlet_ready(o))
		return false;

	if (n > PIECE)
		n = PIECE;
	if (!c->n) {
		c->doubted = others_write(d->spool);
		digest_init(&c->digest, d->blob->digest);
	}
	if (c->doubted)
		doubted_copy(c, o, d, (size_t)n);
	else
		n = (int64_t)outlet_copy(o, d->spool, c->n, (size_t)n);
	c->n += n;
	if (c->doubted && c->n == d->blob->size)
		doubted_end(c, d);
	return n;
}
