/* SPDX-License-Identifier: ISC */
/* Image manifests and indexes, from the bytes that were hashed. */
#include "lib/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"

/* In another case there would be two ways to read it, too. */
static const char *const members[] = {"schemaVersion", "mediaType", "config",
    "layers", "manifests", "subject", "artifactType", "annotations", NULL};

/*
 * The document's root, held to what a manifest and an index have in common.
 * A document that could be read as both is one attack on those who sign one
 * and run the other (CVE-2021-41190), so each is refused the other's members
 * and the other's media type.  0, or -1 with a reason.
 */
static int
document_check(const cJSON *json, bool index, const char **why)
{
	const cJSON *type = json_get(json, "mediaType");
	const char *name = cJSON_GetStringValue(type);
	int64_t version;

	if (!cJSON_IsObject(json))
		*why = "is not a JSON object";
	else if (json_int(json_get(json, "schemaVersion"), 0, 99, &version) < 0)
		*why = "has no valid schemaVersion";
	else if (version != 2)
		*why = "has a schemaVersion other than 2";
	else if (json_has_variant(json, members))
		*why = "has a member's name in another case";
	else if (json_get(json, "fsLayers"))
		*why = "has the fsLayers of schema version 1";
	else if (json_get(json, index ? "layers" : "manifests"))
		*why = "has both layers and manifests";
	else if (index && json_get(json, "config"))
		*why = "has both manifests and a config";
	else if (type && !name)
		*why = "has a mediaType that is not a string";
	else if (name && *name && index && !media_type_is_index(name))
		*why = "has a mediaType that isn't an index's";
	else if (name && *name && !index && !media_type_is_manifest(name))
		*why = "has a mediaType that isn't a manifest's";
	else
		return 0;
	return -1;
}

/* Whether it is an array, or null or nothing, as Go writes an empty one. */
static bool
is_list(const cJSON *array, const char **why)
{
	if (!array || cJSON_IsArray(array))
		return true;
	*why = "has layers or manifests that are not an array";
	return false;
}

static const char too_many[] = "has too many layers or manifests";

static int
layer_read(
    void *of, const cJSON *json, const char *text, size_t len, const char **why)
{
	struct manifest *m = of;

	(void)text, (void)len;
	if (m->nlayers == LAYERS_MAX) {
		*why = too_many;
		return -1;
	}
	if (!(m->nlayers & (m->nlayers - 1)))
		m->layers = xreallocarray(m->layers,
		    m->nlayers ? 2 * m->nlayers : 1, sizeof *m->layers);
	if (descriptor_parse(json, &m->layers[m->nlayers], why) < 0)
		return -1;
	m->nlayers++;
	return 0;
}

static char *
media_type_take(const cJSON *json)
{
	const char *name = json_string(json, "mediaType");

	return xstrdup(name ? name : "");
}

/*
 * The descriptor that a document is about: 0, or -1 with a reason.  One that
 * can't be verified here, or none, is NULL.
 */
static int
subject_take(const cJSON *json, struct descriptor **subject, const char **why)
{
	const cJSON *item = json_get(json, "subject");
	struct descriptor d;

	*subject = NULL;
	if (!item || descriptor_is_foreign(item))
		return 0;
	if (descriptor_parse(item, &d, why) < 0)
		return -1;
	*subject = xmalloc(sizeof **subject);
	**subject = d;
	return 0;
}

static void
subject_free(struct descriptor *subject)
{
	if (subject)
		descriptor_free(subject);
	free(subject);
}

/* What a manifest says besides its layers. */
static int
rest_take(const cJSON *json, struct manifest *m, const char **why)
{
	const cJSON *config = json_get(json, "config");

	if (document_check(json, false, why) < 0 ||
	    !is_list(json_get(json, "layers"), why))
		return -1;
	if (!config) {
		*why = "has no config";
		return -1;
	}
	if (descriptor_parse(config, &m->config, why) < 0 ||
	    subject_take(json, &m->subject, why) < 0)
		return -1;
	m->media_type = media_type_take(json);
	return 0;
}

int
manifest_parse(
    const char *text, size_t len, struct manifest *m, const char **why)
{
	struct manifest new = {0};
	struct json_split s = {
	    .name = "layers", .item = layer_read, .of = &new};
	cJSON *json = NULL;
	int r;

	json_split_begin(&s);
	if (json_split_run(&s, text, len, why) == 0)
		json = json_split_end(&s, why);
	r = json ? rest_take(json, &new, why) : -1;
	cJSON_Delete(json);
	json_split_free(&s);
	if (r == 0)
		*m = new;
	else
		manifest_free(&new);
	return r;
}

static int
entry_read(
    void *of, const cJSON *json, const char *text, size_t len, const char **why)
{
	struct index_reader *r = of;
	struct index_entry e = {.json = json, .text = text, .len = len};
	bool foreign = descriptor_is_foreign(json);

	if (r->n++ == MANIFESTS_MAX) {
		*why = too_many;
		return -1;
	}
	r->nforeign += foreign;
	if (!foreign && descriptor_parse(json, &e.descriptor, why) < 0)
		return -1;
	r->entry(r->of, &e);
	descriptor_free(&e.descriptor);
	return 0;
}

void
index_reader_init(struct index_reader *r,
    void (*entry)(void *of, struct index_entry *e), void *of)
{
	*r = (struct index_reader){.entry = entry,
	    .of = of,
	    .split = {.name = "manifests", .item = entry_read, .of = r}};
	json_split_begin(&r->split);
}

int
index_reader_end(struct index_reader *r, struct index *x, const char **why)
{
	cJSON *json = json_split_end(&r->split, why);
	bool is = json && document_check(json, true, why) == 0 &&
		  is_list(json_get(json, "manifests"), why) &&
		  subject_take(json, &x->subject, why) == 0;

	if (is) {
		x->media_type = media_type_take(json);
		x->nforeign = r->nforeign;
	}
	cJSON_Delete(json);
	return is ? 0 : -1;
}

void
index_append(struct index *x, struct descriptor *d)
{
	if (!(x->nmanifests & (x->nmanifests - 1)))
		x->manifests = xreallocarray(x->manifests,
		    x->nmanifests ? 2 * x->nmanifests : 1,
		    sizeof *x->manifests);
	x->manifests[x->nmanifests++] = *d;
	*d = (struct descriptor){0};
}

static void
entry_add(void *of, struct index_entry *e)
{
	if (e->descriptor.digest)
		index_append(of, &e->descriptor);
}

int
index_each(const char *text, size_t len,
    void (*entry)(void *of, struct index_entry *e), void *of, struct index *x,
    const char **why)
{
	struct index_reader r;
	int result;

	index_reader_init(&r, entry, of);
	result = json_split_run(&r.split, text, len, why);
	if (result == 0)
		result = index_reader_end(&r, x, why);
	json_split_free(&r.split);
	return result;
}

int
index_parse(const char *text, size_t len, struct index *x, const char **why)
{
	struct index new = {0};

	if (index_each(text, len, entry_add, &new, &new, why) < 0) {
		index_free(&new);
		return -1;
	}
	*x = new;
	return 0;
}

const struct descriptor *
index_select(const struct index *x, const struct platform *want)
{
	const struct descriptor *best = NULL, *d;
	int most = 0, match;

	for (size_t i = 0; i < x->nmanifests; i++) {
		d = &x->manifests[i];
		if (*d->media_type && !media_type_is_manifest(d->media_type) &&
		    !media_type_is_index(d->media_type))
			continue;
		match = platform_match(want, &d->platform);
		/* Nothing is said, and there is nothing else it could be. */
		if (x->nmanifests == 1 && !d->platform.os && !d->platform.arch)
			match = 1;
		if (match > most) {
			most = match;
			best = d;
		}
	}
	return best;
}

void
manifest_free(struct manifest *m)
{
	free(m->media_type);
	descriptor_free(&m->config);
	for (size_t i = 0; i < m->nlayers; i++)
		descriptor_free(&m->layers[i]);
	free(m->layers);
	subject_free(m->subject);
	*m = (struct manifest){0};
}

void
index_free(struct index *x)
{
	free(x->media_type);
	for (size_t i = 0; i < x->nmanifests; i++)
		descriptor_free(&x->manifests[i]);
	free(x->manifests);
	subject_free(x->subject);
	*x = (struct index){0};
}
