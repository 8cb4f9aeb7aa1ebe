/* SPDX-License-Identifier: ISC */
/* What is to be fetched for an image, in the order of the stream. */
#include "fetch/image/plan.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/image/about.h"
#include "fetch/image/choice.h"
#include "fetch/image/document.h"
#include "fetch/image/embedded.h"
#include "fetch/image/foreign.h"
#include "fetch/image/load.h"
#include "fetch/image/reference.h"
#include "fetch/registry/registry.h"
#include "fetch/stock/stock.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"

#define HELD_MAX (8 << 20) /* bytes of all manifests of an image */

/* Add what a manifest names, which its descriptor may have in it. */
static void
part_add(struct plan *plan, enum plan_turn turn, const struct descriptor *desc)
{
	plan_blob(plan, turn, desc, embedded_data(desc));
}

/* Take a document into the plan: its bytes are the stream's next blob. */
static void
document_add(struct plan *plan, struct document *d)
{
	plan->held += (size_t)d->desc.size;
	if (plan->held > HELD_MAX)
		die("the manifests of this image are more than %d bytes",
		    HELD_MAX);
	plan_blob(plan, PLAN_DOCUMENTS, &d->desc, d->data);
	d->data = NULL;
}

/*
 * Add a layer that only its owner gives away: from the registry where that has
 * it, so that a mirror's is taken; else from its owner, if that is wanted.
 */
static void
foreign_add(
    struct registry *r, struct plan *plan, const struct descriptor *layer)
{
	char *path = xasprintf("blobs/%s", layer->digest), **urls = NULL;
	bool has = registry_has(r, path, layer->digest);

	if (!has && plan->foreign)
		urls = foreign_find(r, layer);
	if (has || urls) {
		part_add(plan, PLAN_LAYERS, layer);
		plan->blobs[plan->nblobs - 1].urls = urls;
	} else if (plan->all) {
		warn("%s: a layer that %s left out (%s)", layer->digest,
		    plan->foreign ? "is not to be had is"
				  : "the registry doesn't keep is",
		    layer->media_type);
	} else {
		die("%s: a layer that neither the registry nor its urls have",
		    layer->digest);
	}
	free(path);
}

/*
 * Whether the reader has a config or a layer, so that the stream need not.
 * Manifests are in each, for a reader goes by them; and so is what
 * oci-layout-write wouldn't miss, for else another layout than the one meant
 * would take the image: layers that are to be had elsewhere, and parts of
 * manifests that aren't known here.
 */
static bool
is_had(const struct plan *plan, const struct descriptor *part)
{
	return plan->stock && !foreign_is(part) && stock_has(plan->stock, part);
}

static void
manifest_add(struct registry *r, struct plan *plan, struct document *d)
{
	struct manifest m;

	document_manifest(d, &m);
	if (plan->nblobs == 0) /* it is the image itself */
		plan->load = load_json(&plan->image, &m);
	document_add(plan, d);
	if (!is_had(plan, &m.config))
		part_add(plan, PLAN_CONFIGS, &m.config);
	for (size_t i = 0; i < m.nlayers; i++)
		if ((plan->all || plan->foreign) && foreign_is(&m.layers[i]) &&
		    !plan_has(plan, &m.layers[i]))
			foreign_add(r, plan, &m.layers[i]);
		else if (!is_had(plan, &m.layers[i]))
			part_add(plan, PLAN_LAYERS, &m.layers[i]);
	manifest_free(&m);
}

/*
 * A manifest of a kind that isn't known here, and its parts, by the names that
 * they have in those that are: config, layers, and blobs of OCI's artifact
 * manifest, which never left its draft.
 */
static void
other_add(struct plan *plan, struct document *d)
{
	static const char *const lists[] = {"layers", "blobs"};
	const char *why;
	cJSON *json = json_parse(d->data, (size_t)d->desc.size, &why);
	struct descriptor part;
	const cJSON *item;
	size_t n = 0;

	document_add(plan, d);
	if (descriptor_parse(json_get(json, "config"), &part, &why) == 0) {
		part_add(plan, PLAN_CONFIGS, &part);
		descriptor_free(&part);
	}
	for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++)
		cJSON_ArrayForEach(item, json_get(json, lists[i]))
		{
			if (++n > LAYERS_MAX ||
			    descriptor_parse(item, &part, &why) < 0)
				break;
			part_add(plan, PLAN_LAYERS, &part);
			descriptor_free(&part);
		}
	cJSON_Delete(json);
}

/*
 * What an index names besides images: among the manifests of the registry, or
 * else among its blobs.
 */
static void
strange_add(
    struct registry *r, struct plan *plan, const struct descriptor *desc)
{
	struct document d;

	if (document_fetch_strange(r, desc, &d))
		other_add(plan, &d);
	else
		part_add(plan, PLAN_LAYERS, desc);
	document_free(&d);
}

/* A document and all that it names. */
static void
tree_add(struct registry *r, struct plan *plan, struct document *d, int depth)
{
	const struct descriptor *desc;
	struct document child;
	struct index x;

	if (media_type_is_manifest(d->desc.media_type)) {
		manifest_add(r, plan, d);
		return;
	}
	if (!media_type_is_index(d->desc.media_type)) {
		other_add(plan, d);
		return;
	}
	if (depth == INDEX_DEPTH_MAX)
		die("%s: indexes nested too deeply", d->desc.digest);
	document_index(d, &x);
	if (x.nforeign)
		warn("%s: %zu of the index's entries have digests of an "
		     "unknown kind and are left out",
		    d->desc.digest, x.nforeign);
	document_add(plan, d);
	for (size_t i = 0; i < x.nmanifests; i++) {
		desc = &x.manifests[i];
		if (plan_has(plan, desc))
			continue;
		if (*desc->media_type &&
		    !media_type_is_index(desc->media_type) &&
		    !media_type_is_manifest(desc->media_type)) {
			strange_add(r, plan, desc);
			continue;
		}
		document_fetch_child(r, desc, &child);
		tree_add(r, plan, &child, depth + 1);
		document_free(&child);
	}
	index_free(&x);
}

/*
 * The names that the stream's index.json gives, in place of those that the
 * image has in an index of the registry; a digest alone is none.
 */
static void
image_name(const struct reference *ref, struct descriptor *image)
{
	free(image->ref_name);
	free(image->image_name);
	image->ref_name = image->image_name = NULL;
	if (!ref->tag)
		return;
	image->ref_name = xstrdup(ref->tag);
	image->image_name =
	    xasprintf("%s/%s:%s", ref->host, ref->repository, ref->tag);
}

void
plan_add(struct registry *r, struct plan *plan, struct document *d)
{
	if (media_type_is_index(d->desc.media_type))
		tree_add(r, plan, d, 0);
	else if (media_type_is_manifest(d->desc.media_type))
		manifest_add(r, plan, d);
	else
		other_add(plan, d);
}

void
plan_make(
    struct registry *r, const struct plan_options *options, struct plan *plan)
{
	struct document d;

	*plan = (struct plan){.all = options->all,
	    .foreign = options->foreign,
	    .stock = r->stock};
	document_fetch(r, &d);
	if (!options->all)
		choice_make(r, &options->platforms, &d);
	descriptor_copy(&plan->image, &d.desc);
	image_name(r->ref, &plan->image);
	tree_add(r, plan, &d, 0);
	if (options->referrers)
		about_add(r, plan, options->referrers_type);
	plan_order(plan);
	document_free(&d);
}
