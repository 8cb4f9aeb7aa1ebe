/* SPDX-License-Identifier: ISC */
/* All the blobs that images need. */
#include "layout/index/closure.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/manifest.h"
#include "lib/mem.h"

/* One blob.  digest comes first, so that a node is compared as a string. */
struct node {
	char digest[DIGEST_MAX];
	int64_t size;
};

static int
node_compare(const void *a, const void *b)
{
	return strcmp(
	    ((const struct node *)a)->digest, ((const struct node *)b)->digest);
}

static void
list_add(char ***list, size_t *n, const char *digest)
{
	if (!(*n & (*n - 1)))
		*list = xreallocarray(*list, *n ? 2 * *n : 1, sizeof **list);
	(*list)[(*n)++] = xstrdup(digest);
}

static bool
is_there(const struct closure *c, const struct descriptor *d)
{
	return store_staged(c->store, d->digest) >= 0 ||
	       store_has(c->store, d->digest);
}

/* A blob that is met for the first time: it must be here, and whole. */
static void
node_fill(struct closure *c, struct node *node, const struct descriptor *d,
    const char *parent)
{
	strcpy(node->digest, d->digest);
	node->size = store_staged(c->store, d->digest);
	if (node->size >= 0) {
		list_add(&c->staged, &c->nstaged, d->digest);
	} else if (store_has(c->store, d->digest)) {
		store_keep(c->store, d->digest);
		store_verify(c->store, d);
		node->size = d->size;
		list_add(&c->old, &c->nold, d->digest);
	} else {
		die("%s: %s names this blob, but neither the stream nor the "
		    "layout has it",
		    d->digest, parent);
	}
}

/* Add a blob by itself. */
static void
blob_add(struct closure *c, const struct descriptor *d, const char *parent)
{
	struct node *new = xcalloc(1, sizeof *new), **at;

	if (strlen(d->digest) >= DIGEST_MAX)
		die("%s: too long", d->digest);
	strcpy(new->digest, d->digest);
	at = tsearch(new, &c->blobs, node_compare);
	if (!at)
		die("out of memory");
	if (*at != new) {
		free(new);
	} else {
		node_fill(c, new, d, parent);
	}
	if ((*at)->size != d->size)
		die("%s: it has %lld bytes, %s says %lld", d->digest,
		    (long long)(*at)->size, parent, (long long)d->size);
}

/* Whether all that a manifest names is here. */
static bool
is_complete(const struct closure *c, const struct descriptor *d)
{
	char *text = store_read(c->store, d, MANIFEST_MAX);
	const char *why;
	struct manifest m;
	bool complete;

	if (manifest_parse(text, (size_t)d->size, &m, &why) < 0)
		die("%s: the manifest %s", d->digest, why);
	free(text);
	complete = is_there(c, &m.config);
	for (size_t i = 0; i < m.nlayers && complete; i++)
		complete = media_type_is_restricted(m.layers[i].media_type) ||
			   is_there(c, &m.layers[i]);
	manifest_free(&m);
	return complete;
}

static int
text_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* An index that nothing but its digest stands for owes nobody its members. */
static void
loosen(struct closure *c, const char *digest)
{
	char *copy = xstrdup(digest), **at;

	at = tsearch(copy, &c->loose, text_compare);
	if (!at)
		die("out of memory");
	if (*at != copy)
		free(copy);
}

static bool
is_loose(const struct closure *c, const char *digest)
{
	return tfind(digest, &c->loose, text_compare);
}

/*
 * What an index names: false when it is here in part or not at all, as
 * docker save leaves the platforms that it doesn't have.
 */
static bool
member_visit(struct closure *c, const struct descriptor *d, const char *index)
{
	bool loose = is_loose(c, index);

	if (!is_there(c, d)) {
		if (c->sparse || loose)
			return false;
		die("%s: the index %s names this manifest, but neither the "
		    "stream nor the layout has it; --sparse takes the index "
		    "without it",
		    d->digest, index);
	}
	blob_add(c, d, index);
	if (loose && media_type_is_index(d->media_type))
		loosen(c, d->digest);
	return !(c->sparse || loose) ||
	       !media_type_is_manifest(d->media_type) || is_complete(c, d);
}

/* What an image is about, as a signature is, goes along where it is whole. */
static bool
maybe_visit(struct closure *c, const struct descriptor *d, const char *parent)
{
	bool is_manifest = media_type_is_manifest(d->media_type);
	bool is_index = media_type_is_index(d->media_type);

	if (!is_there(c, d) || (is_index && !is_loose(c, d->digest)) ||
	    (is_manifest && !is_complete(c, d)))
		return false;
	blob_add(c, d, parent);
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
	    !is_there(c, d))
		return false;
	if (kind == WALK_CONFIG || kind == WALK_LAYER) {
		blob_add(c, d, by);
		return false;
	}
	if (!*d->media_type)
		die("%s: %s doesn't say its mediaType", d->digest, by);
	if (parent)
		return member_visit(c, d, by);
	blob_add(c, d, by);
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
	struct descriptor bare = {
	    .digest = (char *)digest, .size = store_staged(c->store, digest)};
	bool is = false;
	char *text;

	if (bare.size < 0)
		return false;
	if (bare.size <= MANIFEST_MAX) {
		text = store_read(c->store, &bare, MANIFEST_MAX);
		is = blob_describe_text(text, (size_t)bare.size, digest, d);
		free(text);
	}
	if (is && media_type_is_index(d->media_type))
		loosen(c, digest);
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
	return store_read(((struct closure *)w)->store, d, MANIFEST_MAX);
}

static int
document_open(struct walk *w, const struct descriptor *d)
{
	return store_open_blob(((struct closure *)w)->store, d->digest);
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
closure_init(struct closure *c, const struct store *store, bool sparse)
{
	*c = (struct closure){.walk = {.visit = visit,
				  .describe = describe,
				  .read = document_read,
				  .open = document_open,
				  .fault = fault,
				  .end = index_end},
	    .store = store,
	    .sparse = sparse};
}

void
closure_add(struct closure *c, const struct descriptor *d)
{
	walk_from(&c->walk, d);
}

void
closure_recheck(const struct closure *c)
{
	for (size_t i = 0; i < c->nold; i++)
		if (!store_restore(c->store, c->old[i]))
			die("%s: another process has just removed this blob",
			    c->old[i]);
}

void
closure_free(struct closure *c)
{
	walk_end(&c->walk);
	tdestroy(c->blobs, free);
	tdestroy(c->loose, free);
	for (size_t i = 0; i < c->nstaged; i++)
		free(c->staged[i]);
	for (size_t i = 0; i < c->nold; i++)
		free(c->old[i]);
	free(c->staged);
	free(c->old);
	*c = (struct closure){0};
}
