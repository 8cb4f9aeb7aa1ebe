/* SPDX-License-Identifier: ISC */
/* The members of an image archive. */
#include "unpack/input/members.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/blob.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "lib/notar.h"
#include "lib/scratch.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "unpack/input/input.h"

#define ORDER                                                                  \
	"missing, or too late in the archive: --spool lets what comes before " \
	"its turn wait in a file, or write it to a layout with "               \
	"oci-layout-write, and take that"

static ssize_t
next(struct source *source, const unsigned char **p)
{
	struct members *m =
	    (struct members *)((char *)source -
			       offsetof(struct members, source));
	ssize_t n = tar_data(m->tar, p, &source->why);

	if (n > 0 && m->keep &&
	    kept_add(&m->kept, *p, (size_t)n, &source->why) < 0)
		return -1;
	return n;
}

void
members_init(struct members *m, int fd, const char *spool)
{
	*m = (struct members){.spools = spool,
	    .kept.fd = -1,
	    /* Each run takes the archive's source at most one on. */
	    .source = {.next = next, .lasting = INPUT_LASTING}};
	if (spool)
		m->kept.fd =
		    scratch_open(*spool ? spool : scratch_dir(KEPT_PLACE));
	if (spool && m->kept.fd < 0)
		diesys("--spool%s%s", *spool ? "=" : "", spool);
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
	if (r < 0 && !m->begun)
		notar_die(m->in.buf, *why);
	if (!r && !m->begun && !tar_ended(m->tar))
		notar_die_empty();
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
	if (!tar_ended(m->tar))
		return "the archive is cut off";
	return m->spools ? "missing in the archive" : ORDER;
}

struct source *
members_take(
    struct members *m, const struct tar_entry *e, bool keep, const char **why)
{
	if (keep && kept_begin(&m->kept, member_name(e), e->size, why) < 0)
		return NULL;
	m->keep = keep;
	return &m->source;
}

int
members_keep(struct members *m, const struct tar_entry *e, const char **why)
{
	struct source *s = members_take(m, e, true, why);
	const unsigned char *p;
	ssize_t n;

	if (!s)
		return -1;
	while ((n = s->next(s, &p)) > 0)
		;
	if (n < 0)
		*why = s->why;
	return (int)n;
}

/* What comes before its turn waits, if it may and may be asked for. */
static int
pass(struct members *m, const struct tar_entry *e, const char **why)
{
	const char *name = member_name(e);

	if (!m->spools || kept_find(&m->kept, name))
		return 0;
	if (strcmp(name, "oci-layout") && strcmp(name, "index.json") &&
	    !blob_digest(name, (char[DIGEST_MAX]){0}))
		return 0;
	return members_keep(m, e, why);
}

/* Go on to the member of that name, past others; or NULL with a reason. */
static struct source *
find(struct members *m, const char *name, int64_t *size, const char **why)
{
	const struct kept_member *kept = kept_find(&m->kept, name);
	const struct tar_entry *e;
	int r;

	if (kept) {
		*size = kept->size;
		return kept_source(&m->kept, kept);
	}
	while ((r = members_next(m, &e, why)) > 0) {
		*size = e->size;
		if (!strcmp(member_name(e), name))
			return members_take(m, e, false, why);
		if (pass(m, e, why) < 0)
			return NULL;
	}
	if (!r)
		*why = members_missing(m);
	return NULL;
}

static char *
text_read(struct members *m, struct source *s, const char *name, int64_t size,
    size_t max)
{
	const unsigned char *p;
	struct buf b = {0};
	ssize_t n;

	if (size > (int64_t)max)
		die("%s: %" PRId64 " bytes are more than %zu", name, size, max);
	while ((n = s->next(s, &p)) > 0)
		buf_add(&b, p, (size_t)n);
	if (n < 0)
		die("standard input: %s", s->why);
	if (s != &m->source)
		kept_done(s);
	return buf_take(&b);
}

/* The next file, if it has that name. */
static struct source *
expect(struct members *m, const char *name, int64_t *size, const char **why)
{
	const struct tar_entry *e;
	int r = members_next(m, &e, why);

	if (r > 0 && !strcmp(member_name(e), name)) {
		*size = e->size;
		return members_take(m, e, false, why);
	}
	if (r >= 0)
		*why = ORDER;
	return NULL;
}

char *
members_file(struct members *m, const char *name, size_t max, size_t *len)
{
	const char *why;
	int64_t size;
	struct source *s = m->spools ? find(m, name, &size, &why)
				     : expect(m, name, &size, &why);

	if (!s)
		die("standard input: %s: %s", name, why);
	*len = (size_t)size;
	return text_read(m, s, name, size, max);
}

char *
members_blob(struct members *m, const struct descriptor *d)
{
	char digest[DIGEST_MAX], *path = blob_path(d->digest), *text;
	const char *why;
	struct source *s;
	int64_t size;

	s = find(m, path, &size, &why);
	if (s && size != d->size) {
		why = "its size is not what its descriptor says";
		s = NULL;
	}
	if (!s)
		die("%s: %s", d->digest, why);
	text = text_read(m, s, d->digest, size, MANIFEST_MAX);
	free(path);
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
