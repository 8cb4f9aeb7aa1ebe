/* SPDX-License-Identifier: ISC */
/* Image manifests and indexes, from the bytes that were hashed. */
#include "lib/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"

/*
 * The document's root, held to what a manifest and an index have in common.
 * A document that could be read as both is one attack on those who sign one
 * and run the other (CVE-2021-41190), so each is refused the other's members
 * and the other's media type.
 */
static cJSON *
document_parse(const char *text, size_t len, bool index, const char **why)
{
	cJSON *json = json_parse(text, len, why);
	const cJSON *type = json_get(json, "mediaType");
	const char *name = cJSON_GetStringValue(type);
	int64_t version;

	if (!json)
		return NULL;
	if (!cJSON_IsObject(json))
		*why = "is not a JSON object";
	else if (json_int(json_get(json, "schemaVersion"), 0, 99, &version) < 0)
		*why = "has no valid schemaVersion";
	else if (version != 2)
		*why = "has a schemaVersion other than 2";
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
		return json;
	cJSON_Delete(json);
	return NULL;
}

/*
 * An array of descriptors: 0, or -1 with nothing to be freed.  Where there is
 * none, as Go writes an empty one, it is empty.  Foreign ones are left out
 * and counted, or an error when foreign is NULL.
 */
static int
descriptors_parse(const cJSON *array, size_t max, struct descriptor **list,
    size_t *n, size_t *foreign, const char **why)
{
	const cJSON *item;

	if (array && !cJSON_IsArray(array)) {
		*why = "has layers or manifests that are not an array";
		return -1;
	}
	if ((size_t)cJSON_GetArraySize(array) > max) {
		*why = "has too many layers or manifests";
		return -1;
	}
	*list = xcalloc((size_t)cJSON_GetArraySize(array) + 1, sizeof **list);
	*n = 0;
	cJSON_ArrayForEach(item, array)
	{
		if (foreign && descriptor_is_foreign(item)) {
			++*foreign;
			continue;
		}
		if (descriptor_parse(item, &(*list)[*n], why) < 0) {
			while (*n > 0)
				descriptor_free(&(*list)[--*n]);
			free(*list);
			*list = NULL;
			return -1;
		}
		++*n;
	}
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

int
manifest_parse(
    const char *text, size_t len, struct manifest *m, const char **why)
{
	cJSON *json = document_parse(text, len, false, why);
	struct manifest new = {0};
	const cJSON *config = json_get(json, "config");
	int r = -1;

	if (!json)
		return -1;
	if (!config)
		*why = "has no config";
	else if (descriptor_parse(config, &new.config, why) == 0 &&
		 descriptors_parse(json_get(json, "layers"), LAYERS_MAX,
		     &new.layers, &new.nlayers, NULL, why) == 0)
		r = subject_take(json, &new.subject, why);
	if (r == 0) {
		new.media_type = media_type_take(json);
		*m = new;
	} else {
		manifest_free(&new);
	}
	cJSON_Delete(json);
	return r;
}

int
index_parse(const char *text, size_t len, struct index *x, const char **why)
{
	cJSON *json = document_parse(text, len, true, why);
	struct index new = {0};
	int r;

	if (!json)
		return -1;
	r = descriptors_parse(json_get(json, "manifests"), MANIFESTS_MAX,
	    &new.manifests, &new.nmanifests, &new.nforeign, why);
	if (r == 0)
		r = subject_take(json, &new.subject, why);
	if (r == 0) {
		new.media_type = media_type_take(json);
		*x = new;
	} else {
		index_free(&new);
	}
	cJSON_Delete(json);
	return r;
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
