/* SPDX-License-Identifier: ISC */
/* All the blobs that images need. */
#include "layout/index/closure.h"

#include <stdlib.h>
#include <string.h>

#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/manifest.h"
#include "lib/mem.h"

static bool
manifest_complete(const struct closure *c, const struct descriptor *d)
{
	char *text = store_read(c->needed.store, d, MANIFEST_MAX);
	const char *why;
	struct manifest m;
	bool complete;

	if (manifest_parse(text, (size_t)d->size, &m, &why) < 0)
		die("%s: the manifest %s", d->digest, why);
	free(text);
	complete = needed_at_hand(&c->needed, &m.config);
	for (size_t i = 0; i < m.nlayers && complete; i++)
		complete = media_type_is_restricted(m.layers[i].media_type) ||
			   needed_at_hand(&c->needed, &m.layers[i]);
	manifest_free(&m);
	return complete;
}

/*
 * Whether all that a manifest names is here.  It is read once, however often it
 * is named, which an archive of a few MiB may do ten thousand times: the answer
 * is kept in the lowest bit, above it 1 more than the size that was read.
 */
static bool
is_complete(struct closure *c, const struct descriptor *d)
{
	int64_t *known = digestmap_add(&c->manifests, d->digest);
	bool complete;

	if (*known / 2 - 1 != d->size) {
		complete = manifest_complete(c, d); /* or its size is wrong */
		*known = 2 * (d->size + 1) + complete;
	}
	return *known % 2;
}

static bool
is_loose(const struct closure *c, const char *digest)
{
	return digestmap_find(&c->loose, digest);
}

/*
 * What an index names: false when it is here in part or not at all, as
 * docker save leaves the platforms that it doesn't have.
 */
static bool
member_visit(struct closure *c, const struct descriptor *d, const char *index)
{
	bool loose = is_loose(c, index), must = !(c->sparse || loose);

	/* What need not be there is not looked for elsewhere. */
	if (!must && !needed_here(&c->needed, d))
		return false;
	if (!needed_at_hand(&c->needed, d))
		die("%s: the index %s names this manifest, but neither the "
		    "stream nor the layout has it; --sparse takes the index "
		    "without it",
		    d->digest, index);
	needed_add(&c->needed, d, index);
	if (loose && media_type_is_index(d->media_type))
		digestmap_add(&c->loose, d->digest);
	return must || !media_type_is_manifest(d->media_type) ||
	       is_complete(c, d);
}

/* What an image is about, as a signature is, goes along where it is whole. */
static bool
maybe_visit(struct closure *c, const struct descriptor *d, const char *parent)
{
	bool is_manifest = media_type_is_manifest(d->media_type);
	bool is_index = media_type_is_index(d->media_type);

	if (!needed_here(&c->needed, d) ||
	    (is_index && !is_loose(c, d->digest)) ||
	    (is_manifest && !is_complete(c, d)))
		return false;
	needed_add(&c->needed, d, parent);
	return is_manifest || is_index;
}

static bool
visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct closure *c = (struct closure *)w;
	const char *by = parent ? parent->digest : "index.json";

	if (kind == WALK_MAYBE)
		return maybe_visit(c, d, by);
	if (kind == WALK_LAYER && media_type_is_restricted(d->media_type) &&
	    !needed_at_hand(&c->needed, d))
		return false;
	if (kind == WALK_CONFIG || kind == WALK_LAYER) {
		needed_add(&c->needed, d, by);
		return false;
	}
	if (!*d->media_type)
		die("%s: %s doesn't say its mediaType", d->digest, by);
	if (parent)
		return member_visit(c, d, by);
	needed_add(&c->needed, d, by);
	return true;
}

/*
 * Of what the layout has already it is not asked.  A manifest of which a part
 * is missing is kept as the bytes that it is.
 */
static bool
describe(struct walk *w, const char *digest, struct descriptor *d)
{
	struct closure *c = (struct closure *)w;
	struct descriptor bare = {.digest = (char *)digest,
	    .size = store_staged(c->needed.store, digest)};
	bool is = false;
	char *text;

	if (bare.size < 0)
		return false;
	if (bare.size <= MANIFEST_MAX) {
		text = store_read(c->needed.store, &bare, MANIFEST_MAX);
		is = blob_describe_text(text, (size_t)bare.size, digest, d);
		free(text);
	}
	/* An index that only its digest stands for owes nobody its members. */
	if (is && media_type_is_index(d->media_type))
		digestmap_add(&c->loose, digest);
	if (is && (media_type_is_index(d->media_type) || is_complete(c, d)))
		return true;
	if (is)
		descriptor_free(d);
	*d = (struct descriptor){.media_type = xstrdup(""),
	    .digest = xstrdup(digest),
	    .size = bare.size};
	return true;
}

static char *
document_read(struct walk *w, const struct descriptor *d)
{
	return store_read(((struct closure *)w)->needed.store, d, MANIFEST_MAX);
}

static int
document_open(struct walk *w, const struct descriptor *d)
{
	return store_open_blob(((struct closure *)w)->needed.store, d->digest);
}

static void
fault(struct walk *w, const struct descriptor *d, const char *why)
{
	(void)w;
	/* Of what is unknown here nothing is asked, but that it is whole. */
	if (walk_kind_of(d) == WALK_OTHER)
		return;
	die("%s: the %s %s", d->digest,
	    media_type_is_index(d->media_type) ? "index" : "manifest", why);
}

static void
index_end(struct walk *w, const struct descriptor *d, size_t taken, size_t n)
{
	if (n && !taken && !is_loose((struct closure *)w, d->digest))
		die("%s: none of this index's manifests is here", d->digest);
}

void
closure_init(struct closure *c, const struct store *store,
    struct lenders *lenders, bool sparse)
{
	*c = (struct closure){.walk = {.visit = visit,
				  .describe = describe,
				  .read = document_read,
				  .open = document_open,
				  .fault = fault,
				  .end = index_end},
	    .sparse = sparse};
	needed_init(&c->needed, store, lenders);
}

void
closure_add(struct closure *c, const struct descriptor *d)
{
	walk_from(&c->walk, d);
}

void
closure_free(struct closure *c)
{
	walk_end(&c->walk);
	needed_free(&c->needed);
	digestmap_free(&c->loose);
	digestmap_free(&c->manifests);
}
