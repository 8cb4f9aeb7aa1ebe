/* SPDX-License-Identifier: ISC */
/* The members of an image archive. */
#include "unpack/input/members.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "lib/notar.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "unpack/input/input.h"

#define ORDER                                                                  \
	"missing, or too late in the archive: write it to a layout with "      \
	"oci-layout-write, and take that"

void
members_init(struct members *m, int fd)
{
	source_fd_init(&m->in, fd, INPUT_LASTING);
	memset(m->in.buf, 0, NOTAR_FIRST); /* of a short input */
	m->tar = tar_reader_new(&m->in.source);
}

const char *
member_name(const struct tar_entry *e)
{
	return strncmp(e->name, "./", 2) ? e->name : e->name + 2;
}

int
members_next(struct members *m, const struct tar_entry **e, const char **why)
{
	int r;

	do {
		r = tar_next(m->tar, e, why);
		m->begun |= r > 0;
	} while (r > 0 && (*e)->type == '5');
	if (r > 0 && (*e)->type == '0' && !(*e)->sparse)
		return 1;
	if (r > 0)
		*why = "the archive has something other than files and "
		       "directories in it";
	return r > 0 ? -1 : r;
}

const char *
members_missing(const struct members *m)
{
	return tar_ended(m->tar) ? ORDER : "the archive is cut off";
}

static char *
text_read(struct members *m, const struct tar_entry *e, size_t max)
{
	const unsigned char *p;
	struct buf b = {0};
	const char *why;
	ssize_t n;

	if (e->size > (int64_t)max)
		die("%s: %" PRId64 " bytes are more than %zu", e->name, e->size,
		    max);
	while ((n = tar_data(m->tar, &p, &why)) > 0)
		buf_add(&b, p, (size_t)n);
	if (n < 0)
		die("standard input: %s", why);
	return buf_take(&b);
}

char *
members_file(struct members *m, const char *name, size_t max, size_t *len)
{
	const struct tar_entry *e;
	const char *why;
	int r = members_next(m, &e, &why);

	if (r < 0 && !m->begun)
		notar_die(m->in.buf, why);
	if (r < 0)
		die("standard input: %s", why);
	if (!r && !m->begun && !tar_ended(m->tar))
		notar_die_empty();
	if (!r)
		die("standard input: %s is " ORDER, name);
	if (strcmp(member_name(e), name))
		die("standard input: %s is " ORDER, name);
	*len = (size_t)e->size;
	return text_read(m, e, max);
}

/* Go on to a blob, past those of other images. */
static int
blob_find(struct members *m, const struct descriptor *d,
    const struct tar_entry **e, const char **why)
{
	char *path = blob_path(d->digest);
	int r;

	while ((r = members_next(m, e, why)) > 0)
		if (!strcmp(member_name(*e), path))
			break;
	free(path);
	if (!r)
		*why = members_missing(m);
	else if (r > 0 && (*e)->size != d->size)
		*why = "its size is not what its descriptor says";
	else if (r > 0)
		return 0;
	return -1;
}

char *
members_blob(struct members *m, const struct descriptor *d)
{
	char digest[DIGEST_MAX];
	const struct tar_entry *e;
	const char *why;
	char *text;

	if (blob_find(m, d, &e, &why) < 0)
		die("%s: %s", d->digest, why);
	text = text_read(m, e, MANIFEST_MAX);
	digest_of(text, (size_t)d->size, d->digest, digest);
	if (strcmp(digest, d->digest))
		die("%s: the blob is damaged: its digest is %s", d->digest,
		    digest);
	return text;
}

/* Its writer leaves the end off when it fails, whatever it has written. */
int
members_end(struct members *m, const char **why)
{
	const struct tar_entry *e;
	int r;

	while ((r = members_next(m, &e, why)) > 0)
		;
	if (r < 0)
		return -1;
	if (!tar_ended(m->tar)) {
		*why = "the archive is cut off: its end is missing";
		return -1;
	}
	return tar_drain(m->tar, why);
}
