/* SPDX-License-Identifier: ISC */
/* What an archive names so far. */
#include "layout/index/expected.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/mem.h"

/* A blob that is named.  digest comes first, so that it is compared by it. */
struct named {
	char *digest;
	struct descriptor *awaited; /* of a document that hasn't come */
};

static int
named_compare(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->digest,
	    ((const struct named *)b)->digest);
}

static struct named *
named_find(const struct expected *e, const char *digest)
{
	struct named key = {.digest = (char *)digest}, **at;

	at = tfind(&key, &e->blobs, named_compare);
	return at ? *at : NULL;
}

static struct named *
named_add(struct expected *e, const char *digest)
{
	struct named *one = named_find(e, digest);

	if (one)
		return one;
	one = xcalloc(1, sizeof *one);
	one->digest = xstrdup(digest);
	if (!tsearch(one, &e->blobs, named_compare))
		die("out of memory");
	return one;
}

/* A document that is named and hasn't come. */
static void
await(struct expected *e, struct named *one, const struct descriptor *d)
{
	if (one->awaited) {
		/* Two things at once: then it isn't known what it names. */
		if (strcmp(one->awaited->media_type, d->media_type))
			e->awaited++;
		return;
	}
	one->awaited = xcalloc(1, sizeof *one->awaited);
	descriptor_copy(one->awaited, d);
	e->awaited++;
}

static bool
visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct expected *e = (struct expected *)w;
	struct named *one = named_add(e, d->digest);

	(void)parent;
	if (kind == WALK_CONFIG || kind == WALK_LAYER ||
	    (kind == WALK_MAYBE && walk_kind_of(d) == WALK_OTHER))
		return true;
	if (store_staged(e->store, d->digest) == d->size)
		return true;
	await(e, one, d);
	return false;
}

/* A bare digest: who knows what its blob is before it comes. */
static bool
describe(struct walk *w, const char *digest, struct descriptor *d)
{
	struct expected *e = (struct expected *)w;
	struct descriptor bare = {.media_type = (char *)"",
	    .digest = (char *)digest,
	    .size = store_staged(e->store, digest)};
	struct named *one = named_add(e, digest);
	char *text;
	bool is;

	if (bare.size < 0)
		await(e, one, &bare);
	if (bare.size < 0 || bare.size > MANIFEST_MAX)
		return false;
	text = store_read(e->store, &bare, MANIFEST_MAX);
	is = blob_describe_text(text, (size_t)bare.size, digest, d);
	free(text);
	return is;
}

static char *
document_read(struct walk *w, const struct descriptor *d)
{
	return store_read(((struct expected *)w)->store, d, MANIFEST_MAX);
}

static int
document_open(struct walk *w, const struct descriptor *d)
{
	return store_open_blob(((struct expected *)w)->store, d->digest);
}

/* What is wrong with it is said when all has come. */
static void
fault(struct walk *w, const struct descriptor *d, const char *why)
{
	(void)w;
	(void)d;
	(void)why;
}

/* How many descriptors there may be is for the closure to say. */
static void
look(struct expected *e, const struct descriptor *d)
{
	walk_from(&e->walk, d);
	e->walk.count = 0;
}

/* Remove what was staged, if nothing can name it any more. */
static void
strays_remove(struct expected *e)
{
	if (!e->known || e->awaited)
		return;
	for (size_t i = 0; i < e->nstrays; i++) {
		if (!named_find(e, e->strays[i]))
			store_unstage(e->store, e->strays[i]);
		free(e->strays[i]);
	}
	e->nstrays = 0;
}

void
expected_begin(struct expected *e, const struct store *store)
{
	*e = (struct expected){.walk = {.visit = visit,
				   .describe = describe,
				   .read = document_read,
				   .open = document_open,
				   .fault = fault},
	    .store = store};
}

void
expected_archive(struct expected *e, unsigned number)
{
	e->known &= e->archive == number;
	e->archive = number;
}

void
expected_index(struct expected *e, const char *text, size_t len)
{
	const char *why;
	struct index x;

	if (index_parse(text, len, &x, &why) < 0)
		return;
	for (size_t i = 0; i < x.nmanifests; i++)
		look(e, &x.manifests[i]);
	index_free(&x);
	e->known = true;
	strays_remove(e);
}

bool
expected_wants(const struct expected *e, const char *digest)
{
	return !e->known || e->awaited || named_find(e, digest);
}

static void
stray_add(struct expected *e, const char *digest)
{
	if (!(e->nstrays & (e->nstrays - 1)))
		e->strays = xreallocarray(e->strays,
		    e->nstrays ? 2 * e->nstrays : 1, sizeof *e->strays);
	e->strays[e->nstrays++] = xstrdup(digest);
}

void
expected_came(struct expected *e, const char *digest)
{
	struct named *one = named_find(e, digest);
	struct descriptor *d = one ? one->awaited : NULL, found;

	if (!one)
		stray_add(e, digest);
	if (!d)
		return;
	one->awaited = NULL;
	e->awaited--;
	if (d->size >= 0) {
		if (store_staged(e->store, digest) == d->size)
			look(e, d);
	} else if (describe(&e->walk, digest, &found)) {
		look(e, &found);
		descriptor_free(&found);
	}
	descriptor_free(d);
	free(d);
	strays_remove(e);
}

static void
named_free(void *p)
{
	struct named *one = p;

	if (one->awaited)
		descriptor_free(one->awaited);
	free(one->awaited);
	free(one->digest);
	free(one);
}

void
expected_end(struct expected *e)
{
	walk_end(&e->walk);
	tdestroy(e->blobs, named_free);
	for (size_t i = 0; i < e->nstrays; i++)
		free(e->strays[i]);
	free(e->strays);
	*e = (struct expected){0};
}
