/* SPDX-License-Identifier: ISC */
/*
 * A table of documents that name one another, and a walk through it that notes
 * what it meets.
 */
#ifndef T_WALKTRY_H
#define T_WALKTRY_H

#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/walk.h"
#include "t/tap.h"

#define OCI "application/vnd.oci.image."
#define INDEX OCI "index.v1+json"
#define MANIFEST OCI "manifest.v1+json"
#define ZEROS "000000000000000000000000000000000000000000000000000000000000000"
#define OTHER "application/vnd.oci.artifact.manifest.v1+json"

/* A document; its digest is its place in the table, in 64 digits. */
struct document {
	const char *media_type, *text; /* with <N> for the descriptor of N */
};

/* First, for the walk gives it. */
struct
try {
	struct walk walk;
	const struct document *all;
	struct buf met; /* "K3 K0 ...": kind and document */
	const char *why;
	size_t reads, taken, of, described;
	const char *root; /* the digest of document 0, where it has another */
};

static inline char *
digest_make(size_t n)
{
	return xasprintf("sha256:%064zx", n);
}

static inline size_t
number(const struct descriptor *d)
{
	return strtoul(d->digest + strlen("sha256:"), NULL, 16);
}

/* The place of a descriptor's document in the table. */
static inline size_t
place(const struct try *t, const struct descriptor *d)
{
	return t->root && !strcmp(d->digest, t->root) ? 0 : number(d);
}

/* The text with descriptors in the places of <N> (<N> is one digit). */
static inline char *
text_make(const struct document *all, size_t n)
{
	struct buf b = {0};
	char *digest;

	for (const char *p = all[n].text; *p; p++) {
		if (*p != '<') {
			buf_addc(&b, *p);
			continue;
		}
		digest = digest_make((size_t)(p[1] - '0'));
		buf_addf(&b,
		    "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1000}",
		    all[p[1] - '0'].media_type, digest);
		free(digest);
		p += 2;
	}
	while (b.len < 1000)
		buf_addc(&b, ' ');
	return buf_take(&b);
}

static inline bool
visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct try *t = (struct try *)w;

	(void)parent;
	buf_addf(&t->met, "%c%zu ", "IMOCL?"[kind], place(t, d));
	return t->all[place(t, d)].text;
}

static inline char *
read_document(struct walk *w, const struct descriptor *d)
{
	struct try *t = (struct try *)w;

	t->reads++;
	return text_make(t->all, place(t, d));
}

static inline void
fault(struct walk *w, const struct descriptor *d, const char *why)
{
	struct try *t = (struct try *)w;

	(void)d;
	free((char *)t->why);
	t->why = xstrdup(why);
}

static inline void
end(struct walk *w, const struct descriptor *d, size_t taken, size_t n)
{
	struct try *t = (struct try *)w;

	(void)d;
	t->taken = taken;
	t->of = n;
}

/* A digest alone; read as what the document itself says that it is. */
static inline bool
describe(struct walk *w, const char *digest, struct descriptor *d)
{
	struct try *t = (struct try *)w;
	struct descriptor bare = {.digest = (char *)digest};
	size_t n = number(&bare);

	t->described++;
	*d = (struct descriptor){.media_type = xstrdup(t->all[n].media_type),
	    .digest = xstrdup(digest),
	    .size = 1000};
	return true;
}

static inline struct try
try_new(const struct document *all)
{
	return (struct try){.walk = {.visit = visit,
				.describe = describe,
				.read = read_document,
				.fault = fault,
				.end = end},
	    .all = all};
}

/* Walk from document 0. */
static inline struct try
walked(const struct document *all)
{
	struct try t = try_new(all);
	char *digest = digest_make(0);
	struct descriptor d = {.media_type = (char *)all[0].media_type,
	    .digest = digest,
	    .size = 1000};

	walk_from(&t.walk, &d);
	walk_end(&t.walk);
	free(digest);
	return t;
}

#endif
