/* SPDX-License-Identifier: ISC */
/* What an archive names so far. */
#include "layout/index/expected.h"

#include <stdlib.h>

#include "layout/store/store.h"
#include "lib/blob.h"

/*
 * What is known of a blob that is named: 0, or, of a document that hasn't come,
 * its size and what it is to be, by which the walk goes on when it has.
 */
enum awaited { NONE, BARE, AN_INDEX, A_MANIFEST, OTHER, OTHER_JSON };

#define KINDS 8 /* more than there are */
#define SIZE_LONGEST (INT64_MAX / KINDS - 1)

static const char *const types[] = {
    [AN_INDEX] = "application/vnd.oci.image.index.v1+json",
    [A_MANIFEST] = "application/vnd.oci.image.manifest.v1+json",
    [OTHER] = "application/octet-stream",
    [OTHER_JSON] = "application/json"};

static enum awaited
kind_of(const struct descriptor *d)
{
	switch (walk_kind_of(d)) {
	case WALK_INDEX:
		return AN_INDEX;
	case WALK_MANIFEST:
		return A_MANIFEST;
	default:
		return media_type_is_json(d->media_type) ? OTHER_JSON : OTHER;
	}
}

/* A document that is named and hasn't come; size is 0 of a bare digest. */
static void
await(struct expected *e, int64_t *named, enum awaited kind, int64_t size)
{
	if (size > SIZE_LONGEST) /* that is as much too large */
		size = SIZE_LONGEST;
	if (*named % KINDS == NONE)
		*named = size * KINDS + kind;
	else if (*named % KINDS == kind)
		return;
	/* Two things at once: then it is never known what it names. */
	e->awaited++;
}

static bool
visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct expected *e = (struct expected *)w;
	int64_t *named = digestmap_add(&e->blobs, d->digest);

	(void)parent;
	if (kind == WALK_CONFIG || kind == WALK_LAYER ||
	    (kind == WALK_MAYBE && walk_kind_of(d) == WALK_OTHER))
		return true;
	if (store_staged(e->store, d->digest) == d->size)
		return true;
	await(e, named, kind_of(d), d->size);
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
	int64_t *named = digestmap_add(&e->blobs, digest);
	char *text;
	bool is;

	if (bare.size < 0)
		await(e, named, BARE, 0);
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

static void
entry_look(void *e, struct index_entry *entry)
{
	if (entry->descriptor.digest)
		look(e, &entry->descriptor);
}

/* Remove what was staged, if nothing can name it any more. */
static void
strays_remove(struct expected *e)
{
	char digest[DIGEST_MAX];

	if (!e->known || e->awaited)
		return;
	for (size_t i = 0; i < digestmap_count(&e->strays); i++) {
		digestmap_get(&e->strays, i, digest);
		if (!digestmap_find(&e->blobs, digest))
			store_unstage(e->store, digest);
	}
	digestmap_free(&e->strays);
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
	struct index x = {0};

	if (index_each(text, len, entry_look, e, &x, &why) < 0)
		return;
	index_free(&x);
	e->known = true;
	strays_remove(e);
}

bool
expected_wants(const struct expected *e, const char *digest)
{
	return !e->known || e->awaited || digestmap_find(&e->blobs, digest);
}

void
expected_came(struct expected *e, const char *digest)
{
	int64_t *named = digestmap_find(&e->blobs, digest);
	int64_t was = named ? *named : NONE;
	struct descriptor d = {.digest = (char *)digest, .size = was / KINDS};

	if (!named)
		digestmap_add(&e->strays, digest);
	if (was == NONE)
		return;
	*named = NONE;
	e->awaited--;
	if (was % KINDS != BARE) {
		d.media_type = (char *)types[was % KINDS];
		if (store_staged(e->store, digest) == d.size)
			look(e, &d);
	} else if (describe(&e->walk, digest, &d)) {
		look(e, &d);
		descriptor_free(&d);
	}
	strays_remove(e);
}

void
expected_end(struct expected *e)
{
	walk_end(&e->walk);
	digestmap_free(&e->blobs);
	digestmap_free(&e->strays);
	*e = (struct expected){0};
}
