/* SPDX-License-Identifier: ISC */
/* What the images of a layout are made of, and what they share. */
#include "layout/listing.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"

/* A blob.  digest comes first, so that a node is compared as a string. */
struct node {
	char digest[DIGEST_MAX];
	const char *image; /* the digest of the first that uses it, borrowed */
	bool shared;
	size_t turn, part; /* the image and part that it was counted in last */
};

static int
node_compare(const void *a, const void *b)
{
	return strcmp(
	    ((const struct node *)a)->digest, ((const struct node *)b)->digest);
}

static struct node *
node_of(struct listing *l, const struct descriptor *d)
{
	struct node *new = xcalloc(1, sizeof *new), **at;

	strcpy(new->digest, d->digest);
	at = tsearch(new, &l->blobs, node_compare);
	if (!at)
		die("out of memory");
	if (*at != new)
		free(new);
	return *at;
}

/* What a manifest is about is another image. */
static bool
is_other_image(enum walk_kind kind, const struct descriptor *parent)
{
	return kind == WALK_MAYBE && walk_kind_of(parent) != WALK_OTHER;
}

/* The first look, at all images: whose a blob is. */
static bool
visit_sharing(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct listing *l = (struct listing *)w;
	struct node *node;

	if (is_other_image(kind, parent))
		return false;
	node = node_of(l, d);
	if (!node->image)
		node->image = l->root;
	else if (strcmp(node->image, l->root))
		node->shared = true;
	return true;
}

/* A manifest, or what has no manifest, begins a part of its image. */
static void
part_begin(struct listing *l, const struct descriptor *d)
{
	struct listing_image *image = l->image;

	if (!(image->nparts & (image->nparts - 1)))
		image->parts = xreallocarray(image->parts,
		    image->nparts ? 2 * image->nparts : 1,
		    sizeof *image->parts);
	image->parts[image->nparts++] =
	    (struct listing_part){.digest = xstrdup(d->digest),
		.platform =
		    d->platform.os ? platform_text(&d->platform) : xstrdup("")};
	l->parts++;
}

/* The platform that a config says, where no descriptor did. */
static void
platform_fill(struct listing *l, struct listing_part *part,
    const struct descriptor *config)
{
	const char *why;
	struct platform p;
	char *text;
	cJSON *json;

	if (*part->platform || !media_type_is_config(config->media_type))
		return;
	text = blob_load(l->layout, config, MANIFEST_MAX, &why);
	json = text ? json_parse(text, (size_t)config->size, &why) : NULL;
	p = (struct platform){(char *)json_string(json, "os"),
	    (char *)json_string(json, "architecture"),
	    (char *)json_string(json, "variant")};
	if (p.variant && !*p.variant)
		p.variant = NULL;
	if (p.os && *p.os && p.arch && *p.arch) {
		free(part->platform);
		part->platform = platform_text(&p);
	}
	cJSON_Delete(json);
	free(text);
}

static void
count(struct listing *l, struct node *node, const struct descriptor *d,
    bool is_layer, struct listing_part *part)
{
	struct listing_image *image = l->image;
	int64_t shared = node->shared ? d->size : 0;
	bool missing = blob_size(l->layout, d->digest) != d->size &&
		       !media_type_is_restricted(d->media_type);

	if (part) {
		part->layers += is_layer;
		if (node->part != l->parts) {
			part->size = size_sum(part->size, d->size);
			part->shared = size_sum(part->shared, shared);
			part->missing += missing;
		}
		node->part = l->parts;
	}
	if (node->turn != l->turn) {
		image->size = size_sum(image->size, d->size);
		image->shared = size_sum(image->shared, shared);
		image->missing += missing;
	}
	node->turn = l->turn;
}

/* The second, at one of them. */
static bool
visit_parts(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct listing *l = (struct listing *)w;
	struct listing_part *part = NULL;
	struct node *node;
	bool again;

	if (is_other_image(kind, parent))
		return false;
	node = node_of(l, d);
	again = node->turn == l->turn;
	if ((kind == WALK_MANIFEST || kind == WALK_OTHER) && !again)
		part_begin(l, d);
	else if (kind == WALK_MANIFEST || kind == WALK_OTHER)
		return false;
	if (kind != WALK_INDEX)
		part = &l->image->parts[l->image->nparts - 1];
	count(l, node, d, kind == WALK_LAYER || kind == WALK_MAYBE, part);
	if (kind == WALK_CONFIG)
		platform_fill(l, part, d);
	return true;
}

static char *
document_read(struct walk *w, const struct descriptor *d)
{
	const char *why;

	return blob_load(((struct listing *)w)->layout, d, MANIFEST_MAX, &why);
}

/* That is oci-layout-check's to say. */
static void
fault(struct walk *w, const struct descriptor *d, const char *why)
{
	(void)w;
	(void)d;
	(void)why;
}

void
listing_begin(struct listing *l, int layout, const struct index *x)
{
	*l = (struct listing){.walk = {.visit = visit_sharing,
				  .read = document_read,
				  .fault = fault},
	    .layout = layout};
	for (size_t i = 0; i < x->nmanifests; i++) {
		l->root = x->manifests[i].digest;
		walk_from(&l->walk, &x->manifests[i]);
		walk_end(&l->walk);
	}
	l->walk.visit = visit_parts;
}

void
listing_read(
    struct listing *l, const struct descriptor *d, struct listing_image *image)
{
	*image = (struct listing_image){0};
	l->image = image;
	l->turn++;
	walk_from(&l->walk, d);
	walk_end(&l->walk);
	l->image = NULL;
}

void
listing_image_free(struct listing_image *image)
{
	for (size_t i = 0; i < image->nparts; i++) {
		free(image->parts[i].digest);
		free(image->parts[i].platform);
	}
	free(image->parts);
	*image = (struct listing_image){0};
}

void
listing_end(struct listing *l)
{
	tdestroy(l->blobs, free);
	*l = (struct listing){0};
}
