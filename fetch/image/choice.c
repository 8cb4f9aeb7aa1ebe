/* SPDX-License-Identifier: ISC */
/* Which manifest of an index is for a platform. */
#include "fetch/image/choice.h"

#include <stdlib.h>

#include "fetch/image/document.h"
#include "fetch/image/reference.h"
#include "fetch/registry/registry.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"

#define CONFIGS_MAX 32 /* that are asked what an index doesn't say */

/* What an image's config says that it runs on: 0, or -1 with a reason. */
static int
config_platform(struct registry *r, const struct manifest *m,
    struct platform *have, const char **why)
{
	char *config = document_config(r, &m->config);
	cJSON *json = json_parse(config, (size_t)m->config.size, why);
	const char *os = json_string(json, "os");
	const char *arch = json_string(json, "architecture");
	const char *variant = json_string(json, "variant");
	bool parsed = json;

	*have = (struct platform){
	    .os = os ? xstrdup(os) : NULL,
	    .arch = arch ? xstrdup(arch) : NULL,
	    .variant = variant && *variant ? xstrdup(variant) : NULL,
	};
	cJSON_Delete(json);
	free(config);
	return parsed ? 0 : -1;
}

/*
 * How well the image of an entry without a platform fits: what isn't an image
 * and its config don't at all.
 */
static int
config_match(struct registry *r, const struct descriptor *desc,
    const struct platform *want)
{
	struct platform have = {0};
	struct document d;
	struct manifest m;
	const char *why;
	int match = 0;

	document_fetch_child(r, desc, &d);
	if (media_type_is_manifest(d.desc.media_type)) {
		document_manifest(&d, &m);
		if (media_type_is_config(m.config.media_type) &&
		    config_platform(r, &m, &have, &why) == 0)
			match = platform_match(want, &have);
		manifest_free(&m);
	}
	platform_free(&have);
	document_free(&d);
	return match;
}

/*
 * The best of an index's entries that don't say what they are for: their
 * configs do.  Borrowed; NULL when there is none.
 */
static const struct descriptor *
config_select(
    struct registry *r, const struct index *x, const struct platform *want)
{
	const struct descriptor *best = NULL, *desc;
	int most = 0, match, asked = 0;

	for (size_t i = 0; i < x->nmanifests && asked < CONFIGS_MAX; i++) {
		desc = &x->manifests[i];
		if (desc->platform.os || desc->platform.arch ||
		    (*desc->media_type &&
			!media_type_is_manifest(desc->media_type)))
			continue;
		asked++;
		match = config_match(r, desc, want);
		if (match > most) {
			most = match;
			best = desc;
		}
	}
	return best;
}

static const struct descriptor *
entry_select(
    struct registry *r, const struct index *x, const struct platform *want)
{
	const struct descriptor *desc = index_select(x, want);
	char *object, *text;

	if (!desc)
		desc = config_select(r, x, want);
	if (desc)
		return desc;
	object = reference_text(r->ref);
	text = platform_text(want);
	die("%s: no image for %s; see oci-fetch --manifest", object, text);
}

/* A platform that was asked for by name is not to be answered by another. */
static void
platform_check(
    struct registry *r, const struct platform *want, const struct document *d)
{
	struct platform have;
	struct manifest m;
	const char *why;

	document_manifest(d, &m);
	if (config_platform(r, &m, &have, &why) < 0)
		die("%s: the config %s", m.config.digest, why);
	if (!platform_match(want, &have))
		die("%s: the image is for %s, not for %s", d->desc.digest,
		    platform_text(&have), platform_text(want));
	platform_free(&have);
	manifest_free(&m);
}

void
choice_make(struct registry *r, const struct platform *want, bool named,
    struct document *d)
{
	const struct descriptor *desc;
	struct document child;
	struct index x;
	bool said = false;

	for (int depth = 0; media_type_is_index(d->desc.media_type); depth++) {
		if (depth == INDEX_DEPTH_MAX)
			die("%s: indexes nested too deeply", d->desc.digest);
		document_index(d, &x);
		desc = entry_select(r, &x, want);
		said = desc->platform.os;
		document_fetch_child(r, desc, &child);
		document_free(d);
		*d = child;
		index_free(&x);
	}
	if (named && !said)
		platform_check(r, want, d);
}
