/* SPDX-License-Identifier: ISC */
/* All the blobs that images need. */
#include "layout/closure.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "layout/store.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/manifest.h"
#include "lib/mem.h"

enum {
	BLOBS_MAX = 131072,
	DEPTH_MAX = 8, /* indexes in indexes */
};

/* One blob.  digest comes first, so that a node is compared as a string. */
struct node {
	char digest[DIGEST_MAX];
	bool walked; /* what is below it has been added too */
	int64_t size;
};

static void manifest_add(struct closure *, const struct descriptor *);
static void index_add(struct closure *, const struct descriptor *, int depth);

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
		store_verify(c->store, d);
		node->size = d->size;
		list_add(&c->old, &c->nold, d->digest);
	} else {
		die("%s: %s names this blob, but neither the stream nor the "
		    "layout has it",
		    d->digest, parent);
	}
}

/* Add a blob by itself: its node. */
static struct node *
blob_add(struct closure *c, const struct descriptor *d, const char *parent)
{
	struct node *new = xcalloc(1, sizeof *new), **at;

	if (strlen(d->digest) >= DIGEST_MAX)
		die("%s: too long", d->digest);
	strcpy(new->digest, d->digest);
	at = tsearch(new, &c->seen, node_compare);
	if (!at)
		die("out of memory");
	if (*at != new) {
		free(new);
	} else {
		if (++c->nseen > BLOBS_MAX)
			die("the images have more than %d blobs", BLOBS_MAX);
		node_fill(c, new, d, parent);
	}
	if ((*at)->size != d->size)
		die("%s: it has %lld bytes, %s says %lld", d->digest,
		    (long long)(*at)->size, parent, (long long)d->size);
	return *at;
}

static void
add(struct closure *c, const struct descriptor *d, const char *parent,
    int depth)
{
	struct node *node;

	if (!*d->media_type)
		die("%s: %s doesn't say its mediaType", d->digest, parent);
	node = blob_add(c, d, parent);
	/* Once as a blob, once as a manifest: it's the second that counts. */
	if (node->walked)
		return;
	if (media_type_is_index(d->media_type)) {
		node->walked = true;
		index_add(c, d, depth);
	} else if (media_type_is_manifest(d->media_type)) {
		node->walked = true;
		manifest_add(c, d);
	}
}

/*
 * Who reads a manifest by its descriptor and who goes by what the manifest
 * says of itself must come to the same.
 */
static void
media_type_check(const struct descriptor *d, const char *own)
{
	if (*own && strcmp(own, d->media_type) != 0)
		die("%s: its mediaType is %s, its descriptor's %s", d->digest,
		    own, d->media_type);
}

/* Layers that may be had from their owner alone (image-spec layer.md). */
static bool
is_elsewhere(const struct descriptor *layer)
{
	return strstr(layer->media_type, ".nondistributable.") ||
	       strstr(layer->media_type, ".rootfs.foreign.");
}

static void
manifest_read(
    const struct closure *c, const struct descriptor *d, struct manifest *m)
{
	char *text = store_read(c->store, d, MANIFEST_MAX);
	const char *why;

	if (manifest_parse(text, (size_t)d->size, m, &why) < 0)
		die("%s: the manifest %s", d->digest, why);
	free(text);
	media_type_check(d, m->media_type);
}

/* Whether all that a manifest names is here. */
static bool
is_complete(const struct closure *c, const struct descriptor *d)
{
	struct manifest m;
	bool complete;

	manifest_read(c, d, &m);
	complete = is_there(c, &m.config);
	for (size_t i = 0; i < m.nlayers && complete; i++)
		complete =
		    is_elsewhere(&m.layers[i]) || is_there(c, &m.layers[i]);
	manifest_free(&m);
	return complete;
}

static void
manifest_add(struct closure *c, const struct descriptor *d)
{
	struct manifest m;

	manifest_read(c, d, &m);
	blob_add(c, &m.config, d->digest);
	for (size_t i = 0; i < m.nlayers; i++)
		if (!is_elsewhere(&m.layers[i]) || is_there(c, &m.layers[i]))
			blob_add(c, &m.layers[i], d->digest);
	manifest_free(&m);
}

/*
 * Add what an index names: 1, or 0 when it is here in part or not at all, as
 * docker save leaves the platforms that it doesn't have.
 */
static int
member_add(
    struct closure *c, const struct descriptor *d, const char *index, int depth)
{
	if (!is_there(c, d)) {
		if (c->sparse)
			return 0;
		die("%s: the index %s names this manifest, but neither the "
		    "stream nor the layout has it; --sparse takes the index "
		    "without it",
		    d->digest, index);
	}
	if (c->sparse && media_type_is_manifest(d->media_type) &&
	    !is_complete(c, d)) {
		blob_add(c, d, index);
		return 0;
	}
	add(c, d, index, depth);
	return 1;
}

static void
index_add(struct closure *c, const struct descriptor *d, int depth)
{
	char *text = store_read(c->store, d, MANIFEST_MAX);
	struct index x;
	const char *why;
	size_t n = 0;

	if (depth == DEPTH_MAX)
		die("%s: more than %d indexes inside one another", d->digest,
		    DEPTH_MAX);
	if (index_parse(text, (size_t)d->size, &x, &why) < 0)
		die("%s: the index %s", d->digest, why);
	free(text);
	media_type_check(d, x.media_type);
	for (size_t i = 0; i < x.nmanifests; i++)
		n += member_add(c, &x.manifests[i], d->digest, depth + 1);
	if (x.nmanifests && !n)
		die("%s: none of this index's manifests is here", d->digest);
	index_free(&x);
}

void
closure_add(struct closure *c, const struct descriptor *d)
{
	add(c, d, "index.json", 0);
}

void
closure_recheck(const struct closure *c)
{
	for (size_t i = 0; i < c->nold; i++)
		if (!store_has(c->store, c->old[i]))
			die("%s: another process has just removed this blob",
			    c->old[i]);
}

void
closure_free(struct closure *c)
{
	tdestroy(c->seen, free);
	for (size_t i = 0; i < c->nstaged; i++)
		free(c->staged[i]);
	for (size_t i = 0; i < c->nold; i++)
		free(c->old[i]);
	free(c->staged);
	free(c->old);
	*c = (struct closure){0};
}
