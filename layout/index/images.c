/* SPDX-License-Identifier: ISC */
/* The images that archives bring, and their names. */
#include "layout/index/index.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/index/name.h"
#include "layout/index/refs.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"

/* Whether two texts, either of which may be NULL, are the same. */
static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static const char *
digest_of_image(const cJSON *image)
{
	return json_string(image, "digest");
}

/* The name of an image where the user gave none. */
static void
name_settle(cJSON *image)
{
	const char *name = name_get(image), *full = name_full(image);

	if (name && !ref_valid(name))
		die("\"%.80s\" in the archive can't name an image; give "
		    "DIR:TAG",
		    name);
	if (name)
		return;
	if (full && name_tag(full) && !ref_valid(name_tag(full)))
		die("\"%.80s\" in the archive has no usable tag; give DIR:TAG",
		    full);
	name_set(image, full ? name_tag(full) : NULL);
}

static int
text_compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Which of two images comes first by the member of its platform. */
static int
platform_compare(const cJSON *a, const cJSON *b)
{
	static const char *const members[] = {"os", "architecture", "variant"};
	const cJSON *p = json_get(a, "platform"), *q = json_get(b, "platform");
	int r = 0;

	for (size_t i = 0; !r && i < 3; i++)
		r = text_compare(
		    json_string(p, members[i]), json_string(q, members[i]));
	return r;
}

/* By name and platform; then what must not differ. */
static int
place_compare(const cJSON *a, const cJSON *b)
{
	int r = text_compare(name_get(a), name_get(b));

	return r ? r : platform_compare(a, b);
}

/* One blob that is called two things is two. */
static int
content_compare(const cJSON *a, const cJSON *b)
{
	int r = text_compare(digest_of_image(a), digest_of_image(b));

	return r ? r
		 : text_compare(json_string(a, "mediaType"),
		       json_string(b, "mediaType"));
}

static int
image_compare(const void *x, const void *y)
{
	const cJSON *a = *(cJSON *const *)x, *b = *(cJSON *const *)y;
	int r = place_compare(a, b);

	if (!r)
		r = content_compare(a, b);
	return r ? r : text_compare(name_full(a), name_full(b));
}

/* All images in that order, owned; those that come twice are dropped. */
static cJSON **
images_sort(cJSON *images, size_t *n)
{
	size_t all = (size_t)cJSON_GetArraySize(images), i = 0;
	cJSON **list = xcalloc(all + 1, sizeof *list), *image;

	cJSON_ArrayForEach(image, images) list[i++] = image;
	qsort(list, all, sizeof *list, image_compare);
	*n = 0;
	for (i = 0; i < all; i++)
		if (*n && !image_compare(&list[*n - 1], &list[i]))
			cJSON_Delete(
			    cJSON_DetachItemViaPointer(images, list[i]));
		else
			list[(*n)++] = list[i];
	return list;
}

/* In place of a tag that another has: docker.io/library/busybox:latest. */
static void
name_in_full(cJSON *image)
{
	const char *full = name_full(image), *name = name_get(image);

	if (!full || !ref_valid(full) || same(full, name))
		die("several images have the name %s; give them one by one, "
		    "each with its own DIR:TAG",
		    name);
	name_set(image, full);
}

/*
 * Two images of one name, which are not one image for several platforms, get
 * their names in full: docker save writes "latest" for the latest of several
 * repositories, and so do several runs of oci-fetch.  Whether there were any.
 */
static bool
names_part(cJSON *images)
{
	bool any = false, clash;
	size_t n, end;
	cJSON **list = images_sort(images, &n);

	for (size_t i = 0; i < n; i = end) {
		clash = false;
		for (end = i + 1; end < n && name_get(list[i]) &&
				  same(name_get(list[i]), name_get(list[end]));
		     end++)
			clash |= !place_compare(list[end - 1], list[end]);
		for (size_t j = i; j < end && clash; j++)
			name_in_full(list[j]);
		any |= clash;
	}
	free(list);
	return any;
}

/* What is about an image, and has no share in its name. */
static bool
is_artifact(const cJSON *image)
{
	const char *type = json_string(image, "artifactType");

	return type && *type && !media_type_is_config(type);
}

/*
 * One image under several names is one; the first stands for all.  What is
 * about it has the name of none.
 */
static void
name_one(cJSON *images, const char *tag)
{
	cJSON *first = images->child, *image, *next;

	while (first && is_artifact(first))
		first = first->next;
	if (!first)
		first = images->child;
	if (!first)
		die("the archive has no image");
	for (image = first->next; image; image = next) {
		next = image->next;
		if (is_artifact(image)) {
			name_set(image, NULL);
			continue;
		}
		if (content_compare(first, image))
			die("the archive has several images, so they can't "
			    "all have the tag; leave :TAG out");
		cJSON_Delete(cJSON_DetachItemViaPointer(images, image));
	}
	name_set(first, tag);
}

void
images_name(cJSON *images, const char *tag)
{
	cJSON *image;

	if (tag) {
		name_one(images, tag);
		return;
	}
	cJSON_ArrayForEach(image, images) name_settle(image);
	while (names_part(images))
		;
}

static void
entry_add(void *images, struct index_entry *e)
{
	if (e->descriptor.digest)
		cJSON_AddItemToArray(images, cJSON_Duplicate(e->json, true));
	else
		warn("%s: left out: digests of this kind can't be verified",
		    digest_of_image(e->json));
}

void
images_add(cJSON *images, const char *text, size_t len)
{
	struct index x = {0};
	const char *why;

	if (index_each(text, len, entry_add, images, &x, &why) < 0)
		die("the archive's index.json: it %s", why);
	index_free(&x);
}

void
images_print(const cJSON *images)
{
	const cJSON *image;
	char *text;

	cJSON_ArrayForEach(image, images)
	{
		text = json_text(image);
		puts(text);
		free(text);
	}
}
