/* SPDX-License-Identifier: ISC */
/* index.json: names settled, images merged. */
#include "layout/index.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/refs.h"
#include "layout/store.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"

#define REF_NAME "org.opencontainers.image.ref.name"
#define IMAGE_NAME "io.containerd.image.name"

/* The tag at the end of docker.io/library/busybox:latest; NULL: none. */
static const char *
tag_of(const char *reference)
{
	const char *colon = strrchr(reference, ':');

	if (strchr(reference, '@'))
		return NULL;
	return colon && !strchr(colon, '/') ? colon + 1 : "latest";
}

const char *
index_name(const cJSON *descriptor)
{
	return json_string(json_get(descriptor, "annotations"), REF_NAME);
}

/* Whether two names, either of which may be none, are the same. */
static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Give the image a name; its containerd name goes if it says another tag. */
static void
name_set(cJSON *image, const char *name)
{
	cJSON *annotations =
	    cJSON_GetObjectItemCaseSensitive(image, "annotations");
	const char *full = json_string(annotations, IMAGE_NAME);
	char *copy = xstrdup(name);

	if (!cJSON_IsObject(annotations)) {
		cJSON_DeleteItemFromObjectCaseSensitive(image, "annotations");
		annotations = cJSON_AddObjectToObject(image, "annotations");
	}
	if (full && !same(tag_of(full), copy))
		cJSON_DeleteItemFromObjectCaseSensitive(
		    annotations, IMAGE_NAME);
	cJSON_DeleteItemFromObjectCaseSensitive(annotations, REF_NAME);
	cJSON_AddStringToObject(annotations, REF_NAME, copy);
	free(copy);
}

/* The name of an image where the user gave none. */
static void
name_settle(cJSON *image)
{
	const char *name = index_name(image);
	const char *full =
	    json_string(json_get(image, "annotations"), IMAGE_NAME);

	if (name && !ref_valid(name))
		die("\"%.80s\" in the archive can't name an image; give "
		    "DIR:TAG",
		    name);
	if (name || !full || !tag_of(full))
		return;
	if (!ref_valid(tag_of(full)))
		die("\"%.80s\" in the archive has no usable tag; give DIR:TAG",
		    full);
	name_set(image, tag_of(full));
}

/* One image under several names is one; the first stands for all. */
static void
one_check(const cJSON *images)
{
	const cJSON *image;
	const char *first = json_string(images->child, "digest");

	if (!first)
		die("the archive has no image");
	cJSON_ArrayForEach(image, images)
	{
		if (!same(first, json_string(image, "digest")))
			die("the archive has several images, so they can't "
			    "all have the tag; leave :TAG out");
	}
}

cJSON *
index_images(const char *text, const char *tag)
{
	const char *why;
	cJSON *root = json_parse(text, strlen(text), &why), *images, *image;

	if (!root)
		die("index.json of the archive: %s", why);
	images = cJSON_DetachItemFromObjectCaseSensitive(root, "manifests");
	cJSON_Delete(root);
	if (tag) {
		one_check(images);
		while (cJSON_GetArraySize(images) > 1)
			cJSON_DeleteItemFromArray(images, 1);
		name_set(images->child, tag);
		return images;
	}
	cJSON_ArrayForEach(image, images) name_settle(image);
	return images;
}

/* An index without images. */
static cJSON *
root_new(void)
{
	cJSON *root = cJSON_CreateObject();

	json_add_int(root, "schemaVersion", 2);
	cJSON_AddStringToObject(
	    root, "mediaType", "application/vnd.oci.image.index.v1+json");
	cJSON_AddArrayToObject(root, "manifests");
	return root;
}

/* The descriptors in refs/, when there is no index.json to hold them. */
static cJSON *
root_from_refs(const struct store *s)
{
	cJSON *root = root_new();
	cJSON *manifests = cJSON_GetObjectItemCaseSensitive(root, "manifests");
	struct index x;

	if (faccessat(s->layout, "refs", F_OK, AT_SYMLINK_NOFOLLOW))
		return root;
	layout_index(s->layout, &x);
	for (size_t i = 0; i < x.nmanifests; i++)
		cJSON_AddItemToArray(
		    manifests, descriptor_json(&x.manifests[i]));
	index_free(&x);
	return root;
}

/* What index.json says now. */
static cJSON *
root_read(const struct store *s)
{
	struct index x;
	const char *why;
	size_t len;
	cJSON *root;
	char *text = layout_file(
	    s->layout, "index.json", O_NOFOLLOW, MANIFEST_MAX, &len);

	if (!text)
		return root_from_refs(s);
	if (index_parse(text, len, &x, &why) < 0)
		die("%s/index.json: %s", s->path, why);
	root = json_parse(text, len, &why);
	index_free(&x);
	free(text);
	return root;
}

/* Whether a new image takes an old one's place. */
static bool
replaces(const cJSON *new, const cJSON *old)
{
	const char *name = index_name(old);

	if (!same(index_name(new), name))
		return false;
	return name ||
	       same(json_string(new, "digest"), json_string(old, "digest"));
}

static void
merge(cJSON *manifests, const cJSON *images)
{
	cJSON *old, *next;
	const cJSON *new;
	bool gone;

	for (old = manifests->child; old; old = next) {
		next = old->next;
		gone = false;
		cJSON_ArrayForEach(new, images) gone |= replaces(new, old);
		if (gone)
			cJSON_Delete(
			    cJSON_DetachItemViaPointer(manifests, old));
	}
	cJSON_ArrayForEach(new, images)
	    cJSON_AddItemToArray(manifests, cJSON_Duplicate(new, true));
}

void
index_stage(const struct store *s, const cJSON *images)
{
	cJSON *root = root_read(s);
	cJSON *manifests = cJSON_GetObjectItemCaseSensitive(root, "manifests");
	char *text;

	merge(manifests, images);
	if (cJSON_GetArraySize(manifests) > MANIFESTS_MAX)
		die("%s: it would hold more than %d images", s->path,
		    MANIFESTS_MAX);
	text = json_text(root);
	if (strlen(text) > MANIFEST_MAX)
		die("%s/index.json would be larger than %d bytes", s->path,
		    MANIFEST_MAX);
	store_stage(s, "index.json", text, strlen(text));
	free(text);
	cJSON_Delete(root);
}
