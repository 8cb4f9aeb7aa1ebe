/* SPDX-License-Identifier: ISC */
/* Content descriptors, from JSON and to it. */
#include "lib/descriptor.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"

#define REF_NAME "org.opencontainers.image.ref.name"
#define IMAGE_NAME "io.containerd.image.name"

static bool
is_one_of(const char *media_type, const char *const *known)
{
	while (*known && strcmp(*known, media_type) != 0)
		known++;
	return *known;
}

bool
media_type_is_index(const char *media_type)
{
	static const char *const known[] = {
	    "application/vnd.oci.image.index.v1+json",
	    "application/vnd.docker.distribution.manifest.list.v2+json",
	    /* The index's name before 1.0, in layouts with refs/. */
	    "application/vnd.oci.image.manifest.list.v1+json",
	    NULL,
	};

	return is_one_of(media_type, known);
}

bool
media_type_is_manifest(const char *media_type)
{
	static const char *const known[] = {
	    "application/vnd.oci.image.manifest.v1+json",
	    "application/vnd.docker.distribution.manifest.v2+json",
	    NULL,
	};

	return is_one_of(media_type, known);
}

/* A member that is a string or isn't there: 0 with *text, or -1. */
static int
string_take(const cJSON *obj, const char *name, const char **text)
{
	const cJSON *item = json_get(obj, name);

	*text = item ? cJSON_GetStringValue(item) : NULL;
	return item && !*text ? -1 : 0;
}

static char *
copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

int
descriptor_parse(const cJSON *json, struct descriptor *d, const char **why)
{
	const cJSON *platform, *annotations;
	const char *type, *digest, *os, *arch, *variant, *ref, *image;
	int64_t size;

	if (!cJSON_IsObject(json)) {
		*why = "has a descriptor that is no object";
		return -1;
	}
	platform = json_get(json, "platform");
	annotations = json_get(json, "annotations");
	if ((platform && !cJSON_IsObject(platform)) ||
	    (annotations && !cJSON_IsObject(annotations)) ||
	    string_take(json, "mediaType", &type) < 0 ||
	    string_take(platform, "os", &os) < 0 ||
	    string_take(platform, "architecture", &arch) < 0 ||
	    string_take(platform, "variant", &variant) < 0 ||
	    string_take(annotations, REF_NAME, &ref) < 0 ||
	    string_take(annotations, IMAGE_NAME, &image) < 0) {
		*why = "has a descriptor with a member of the wrong type";
		return -1;
	}
	digest = json_string(json, "digest");
	if (!digest || !digest_valid(digest)) {
		*why = "has a descriptor without a valid digest";
		return -1;
	}
	if (json_int(json_get(json, "size"), 0, INT64_MAX, &size) < 0) {
		*why = "has a descriptor without a valid size";
		return -1;
	}
	*d = (struct descriptor){
	    .media_type = xstrdup(type ? type : ""),
	    .digest = xstrdup(digest),
	    .size = size,
	    .platform = {copy(os), copy(arch),
		/* Docker's lists have "variant": "" too. */
		copy(variant && *variant ? variant : NULL)},
	    .ref_name = copy(ref),
	    .image_name = copy(image),
	};
	return 0;
}

static void
string_add(cJSON *obj, const char *name, const char *text)
{
	if (text && !cJSON_AddStringToObject(obj, name, text))
		die("out of memory");
}

static cJSON *
object_add(cJSON *obj, const char *name)
{
	cJSON *o = cJSON_AddObjectToObject(obj, name);

	if (!o)
		die("out of memory");
	return o;
}

cJSON *
descriptor_json(const struct descriptor *d)
{
	cJSON *json = cJSON_CreateObject(), *o;

	if (!json)
		die("out of memory");
	if (d->media_type && *d->media_type)
		string_add(json, "mediaType", d->media_type);
	string_add(json, "digest", d->digest);
	json_add_int(json, "size", d->size);
	if (d->platform.os || d->platform.arch) {
		o = object_add(json, "platform");
		string_add(o, "architecture", d->platform.arch);
		string_add(o, "os", d->platform.os);
		string_add(o, "variant", d->platform.variant);
	}
	if (d->ref_name || d->image_name) {
		o = object_add(json, "annotations");
		string_add(o, IMAGE_NAME, d->image_name);
		string_add(o, REF_NAME, d->ref_name);
	}
	return json;
}

void
descriptor_copy(struct descriptor *to, const struct descriptor *from)
{
	*to = (struct descriptor){
	    .media_type = copy(from->media_type),
	    .digest = copy(from->digest),
	    .size = from->size,
	    .platform = {copy(from->platform.os), copy(from->platform.arch),
		copy(from->platform.variant)},
	    .ref_name = copy(from->ref_name),
	    .image_name = copy(from->image_name),
	};
}

void
descriptor_free(struct descriptor *d)
{
	free(d->media_type);
	free(d->digest);
	platform_free(&d->platform);
	free(d->ref_name);
	free(d->image_name);
	*d = (struct descriptor){0};
}
