/* SPDX-License-Identifier: ISC */
/* Which manifests of an index are for a platform. */
#include "fetch/image/choice.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/image/config.h"
#include "fetch/image/document.h"
#include "fetch/image/entries.h"
#include "fetch/image/platforms.h"
#include "fetch/image/reference.h"
#include "fetch/registry/registry.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"

static struct descriptor *
entry_find(struct registry *r, struct entries *e, const struct platform *want,
    bool sure)
{
	struct descriptor *desc = entries_find(r, e, want, sure);
	char *there;

	if (desc)
		return desc;
	there = entries_platforms(e);
	die("%s: no image for %s, only for%s", reference_text(r->ref),
	    platform_text(want), *there ? there : " none; see -m");
}

/*
 * As it came; but what it doesn't say of its platform is said here, or nobody
 * would find it among others.
 */
static cJSON *
entry_json(const struct descriptor *desc)
{
	cJSON *json = descriptor_json(desc), *p;

	if (json_get(json, "platform"))
		return json;
	cJSON_DeleteItemFromObjectCaseSensitive(json, "platform");
	p = cJSON_AddObjectToObject(json, "platform");
	cJSON_AddStringToObject(p, "architecture", desc->platform.arch);
	cJSON_AddStringToObject(p, "os", desc->platform.os);
	if (desc->platform.variant)
		cJSON_AddStringToObject(p, "variant", desc->platform.variant);
	return json;
}

/*
 * The document becomes one that names the chosen ones alone and says all else
 * that it said: in the same order, so that the same choice of the same index
 * is the same to the byte however it was asked for.
 */
static void
index_reduce(struct document *d, const struct entries *e, const bool *chosen)
{
	const char *why;
	char digest[DIGEST_MAX];
	cJSON *json = json_parse(d->data, (size_t)d->desc.size, &why);
	cJSON *array = cJSON_CreateArray();

	for (size_t i = 0; i < e->n; i++)
		if (chosen[i])
			cJSON_AddItemToArray(array, entry_json(&e->all[i]));
	cJSON_ReplaceItemInObjectCaseSensitive(json, "manifests", array);
	free(d->data);
	d->data = json_text(json);
	cJSON_Delete(json);
	if (strlen(d->data) > MANIFEST_MAX)
		die("%s: the index of what was chosen is more than %d bytes",
		    d->desc.digest, MANIFEST_MAX);
	d->desc.size = (int64_t)strlen(d->data);
	digest_of(d->data, (size_t)d->desc.size, d->desc.digest, digest);
	free(d->desc.digest);
	d->desc.digest = xstrdup(digest);
}

/* Where nothing would be left out the index stays what was signed. */
static void
choose_several(
    struct registry *r, const struct platforms *named, struct document *d)
{
	struct entries e;
	bool *chosen;
	size_t n = 0, at;

	entries_read(r, d, named, &e);
	chosen = xcalloc(e.n + 1, sizeof *chosen);
	for (size_t i = 0; i < named->n; i++) {
		at = (size_t)(entry_find(r, &e, &named->all[i], true) - e.all);
		n += !chosen[at];
		chosen[at] = true;
	}
	if (n < e.n || e.left_out || e.nested)
		index_reduce(d, &e, chosen);
	free(chosen);
	entries_free(&e);
}

/* True: what the image is for was said, by an index or by its config. */
static bool
choose_one(struct registry *r, const struct platforms *want, bool sure,
    struct document *d)
{
	const struct descriptor *desc;
	struct document child;
	struct entries e;
	bool said;

	entries_read(r, d, want, &e);
	desc = entry_find(r, &e, want->all, sure);
	said = desc->platform.os;
	document_fetch_child(r, desc, &child);
	document_free(d);
	*d = child;
	entries_free(&e);
	return said;
}

void
choice_make(
    struct registry *r, const struct platforms *named, struct document *d)
{
	struct platform host;
	struct platforms want = *named;
	bool said = false;

	platform_host(&host);
	if (!named->n)
		want = (struct platforms){&host, 1};
	if (want.n > 1 && media_type_is_index(d->desc.media_type)) {
		choose_several(r, &want, d);
		said = true;
	}
	/* An index may be in it without saying that it is one. */
	for (int depth = 0;
	     want.n == 1 && media_type_is_index(d->desc.media_type); depth++) {
		if (depth == INDEX_DEPTH_MAX)
			die("%s: indexes nested too deeply", d->desc.digest);
		said = choose_one(r, &want, named->n, d);
	}
	for (size_t i = 0; i < named->n && !said; i++)
		config_check(r, &named->all[i], d);
	platform_free(&host);
}
