/* SPDX-License-Identifier: ISC */
/* Content descriptors, from JSON and to it. */
#include "lib/descriptor.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

bool
media_type_is_json(const char *media_type)
{
	size_t len = strcspn(media_type, "; ");

	return len > 5 && strchr("+/", media_type[len - 5]) &&
	       !strncasecmp(media_type + len - 4, "json", 4);
}

/* image-spec layer.md, "Non-Distributable Layers". */
bool
media_type_is_restricted(const char *media_type)
{
	return strstr(media_type, ".nondistributable.") ||
	       strstr(media_type, ".rootfs.foreign.");
}

bool
media_type_is_config(const char *media_type)
{
	static const char *const known[] = {
	    "application/vnd.oci.image.config.v1+json",
	    "application/vnd.docker.container.image.v1+json",
	    /* Before 1.0. */
	    "application/vnd.oci.image.serialization.config.v1+json",
	    NULL,
	};

	return is_one_of(media_type, known);
}

/*
 * A member that is a string or isn't there: 0 with *text, or -1.  What Go
 * leaves empty isn't said.
 */
static int
string_take(const cJSON *obj, const char *name, const char **text)
{
	const cJSON *item = json_get(obj, name);

	*text = item ? cJSON_GetStringValue(item) : NULL;
	if (item && !*text)
		return -1;
	if (*text && !**text)
		*text = NULL;
	return 0;
}

static char *
copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

bool
ref_name_says(const char *name)
{
	return name && *name && *name != '@';
}

/* ALGORITHM:ENCODED of descriptor.md, and neither sha256 nor sha512. */
bool
descriptor_is_foreign(const cJSON *json)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char encoded[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ=_-";
	const char *digest = json_string(json, "digest"), *at = digest;
	size_t n;

	if (!digest || !strncmp(digest, "sha256:", 7) ||
	    !strncmp(digest, "sha512:", 7))
		return false;
	while ((n = strspn(at, lower)) && at[n] && strchr("+._-", at[n]))
		at += n + 1;
	if (!n || at[n] != ':')
		return false;
	at += n + 1;
	return *at && !at[strspn(at, encoded)];
}

int64_t
size_sum(int64_t sum, int64_t size)
{
	return size > INT64_MAX - sum ? INT64_MAX : sum + size;
}

/* Of these there is one each, in any case. */
static const char *const members[] = {"mediaType", "digest", "size", "urls",
    "annotations", "data", "platform", "artifactType", NULL};

int
descriptor_parse(const cJSON *json, struct descriptor *d, const char **why)
{
	const cJSON *platform, *annotations;
	const char *type, *digest, *os, *arch, *variant, *ref, *image;
	const char *artifact = json_string(json, "artifactType");
	int64_t size;

	if (!cJSON_IsObject(json)) {
		*why = "has a descriptor that is not an object";
		return -1;
	}
	if (json_has_variant(json, members)) {
		*why = "has a descriptor with a member's name in another case";
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
	    .platform = {copy(os), copy(arch), copy(variant)},
	    .ref_name = ref_name_says(ref) ? xstrdup(ref) : NULL,
	    .image_name = copy(image),
	    .is_artifact =
		artifact && *artifact && !media_type_is_config(artifact),
	    .json = json_text(json),
	};
	return 0;
}

static void
string_add(cJSON *obj, const char *name, const char *text)
{
	if (text)
		cJSON_AddStringToObject(obj, name, text);
}

/* What is parsed of a descriptor, but for its annotations. */
static cJSON *
members_json(const struct descriptor *d)
{
	cJSON *json = cJSON_CreateObject(), *o;

	if (d->media_type && *d->media_type)
		string_add(json, "mediaType", d->media_type);
	string_add(json, "digest", d->digest);
	json_add_int(json, "size", d->size);
	if (d->platform.os || d->platform.arch) {
		o = cJSON_AddObjectToObject(json, "platform");
		string_add(o, "architecture", d->platform.arch);
		string_add(o, "os", d->platform.os);
		string_add(o, "variant", d->platform.variant);
	}
	return json;
}

/* Set an annotation, or take it away (NULL), unless it is as it should be. */
static void
annotation_set(cJSON *json, const char *name, const char *text)
{
	cJSON *all = cJSON_GetObjectItemCaseSensitive(json, "annotations");
	const char *old = json_string(all, name);

	if (old ? text && !strcmp(old, text) : !text)
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(all, name);
	if (!text)
		return;
	if (!cJSON_IsObject(all)) {
		cJSON_DeleteItemFromObjectCaseSensitive(json, "annotations");
		all = cJSON_AddObjectToObject(json, "annotations");
	}
	string_add(all, name, text);
}

cJSON *
descriptor_json(const struct descriptor *d)
{
	const char *why;
	cJSON *json = d->json ? json_parse(d->json, strlen(d->json), &why)
			      : members_json(d);

	annotation_set(json, IMAGE_NAME, d->image_name);
	annotation_set(json, REF_NAME, d->ref_name);
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
	    .is_artifact = from->is_artifact,
	    .json = copy(from->json),
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
	free(d->json);
	*d = (struct descriptor){0};
}
