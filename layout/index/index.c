/* SPDX-License-Identifier: ISC */
/* index.json: the layout's images and new ones. */
#include "layout/index/index.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/index/name.h"
#include "layout/store/store.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"

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
	layout_index(s->layout, &x, NULL, NULL);
	for (size_t i = 0; i < x.nmanifests; i++)
		cJSON_AddItemToArray(
		    manifests, descriptor_json(&x.manifests[i]));
	index_free(&x);
	return root;
}

/* What index.json says now; was: whether there is one. */
static cJSON *
root_read(const struct store *s, bool *was)
{
	struct index x;
	const char *why;
	size_t len;
	cJSON *root;
	char *text = layout_file(
	    s->layout, "index.json", O_NOFOLLOW, MANIFEST_MAX, &len);

	*was = text != NULL;
	if (!text)
		return root_from_refs(s);
	if (index_parse(text, len, &x, &why) < 0)
		die("%s/index.json: it %s", s->path, why);
	root = json_parse(text, len, &why);
	if (!json_get(root, "manifests")) { /* null, as Go writes it */
		cJSON_DeleteItemFromObjectCaseSensitive(root, "manifests");
		cJSON_AddArrayToObject(root, "manifests");
	}
	index_free(&x);
	free(text);
	return root;
}

/* An image that comes in.  image is first, so that it is compared by key. */
struct arrival {
	const cJSON *image;
	size_t order;
	bool done; /* it is in index.json, and all that share its key are */
};

/* What an image is replaced by: its name, or itself when it has none. */
static int
key_compare(const void *x, const void *y)
{
	const cJSON *a = *(const cJSON *const *)x,
		    *b = *(const cJSON *const *)y;
	const char *name = name_get(a), *other = name_get(b);

	if (name && other)
		return strcmp(name, other);
	if (name || other)
		return name ? 1 : -1;
	name = json_string(a, "digest");
	other = json_string(b, "digest");
	return strcmp(name ? name : "", other ? other : "");
}

static int
arrival_compare(const void *x, const void *y)
{
	const struct arrival *a = x, *b = y;
	int r = key_compare(a, b);

	return r ? r : (a->order > b->order) - (a->order < b->order);
}

/* Append one, and each arrival of the same key, unless it was appended. */
static void
arrivals_add(
    cJSON *manifests, struct arrival *list, size_t n, struct arrival *one)
{
	struct arrival *first = one;

	if (one->done)
		return;
	while (first > list && !key_compare(first - 1, one))
		first--;
	for (one = first; one < list + n && !key_compare(one, first); one++) {
		/* What it holds stays the arrival's, and isn't copied. */
		cJSON_AddItemReferenceToArray(manifests, (cJSON *)one->image);
		one->done = true;
	}
}

/*
 * The images of an index.json with the new ones in the places of those that
 * they replace, so that what is written again changes nothing; what is left
 * of the new comes last.
 */
static cJSON *
merge(cJSON *manifests, const cJSON *images)
{
	size_t n = (size_t)cJSON_GetArraySize(images), i = 0;
	struct arrival *list = xcalloc(n + 1, sizeof *list), *same;
	cJSON *merged = cJSON_CreateArray(), *old;
	const cJSON *new;

	cJSON_ArrayForEach(new, images)
	{
		list[i] = (struct arrival){new, i, false};
		i++;
	}
	qsort(list, n, sizeof *list, arrival_compare);
	while ((old = manifests->child)) {
		cJSON_DetachItemViaPointer(manifests, old);
		same = bsearch(&old, list, n, sizeof *list, key_compare);
		if (same) {
			arrivals_add(merged, list, n, same);
			cJSON_Delete(old);
		} else {
			cJSON_AddItemToArray(merged, old);
		}
	}
	cJSON_ArrayForEach(new, images)
	{
		same = bsearch(&new, list, n, sizeof *list, key_compare);
		arrivals_add(merged, list, n, same);
	}
	free(list);
	return merged;
}

/* Stage what root says by now. */
static void
root_stage(const struct store *s, const cJSON *root, const char *text)
{
	if (cJSON_GetArraySize(json_get(root, "manifests")) > MANIFESTS_MAX)
		die("%s: it would hold more than %d images", s->path,
		    MANIFESTS_MAX);
	if (strlen(text) > MANIFEST_MAX)
		die("%s/index.json would be larger than %d bytes", s->path,
		    MANIFEST_MAX);
	store_stage(s, "index.json", text, strlen(text));
}

bool
index_stage(const struct store *s, const cJSON *images)
{
	bool was, changed;
	cJSON *root = root_read(s, &was), *merged;
	char *before = json_text(root), *text;

	merged =
	    merge(cJSON_GetObjectItemCaseSensitive(root, "manifests"), images);
	cJSON_ReplaceItemInObjectCaseSensitive(root, "manifests", merged);
	text = json_text(root);
	changed = !was || strcmp(text, before);
	if (changed)
		root_stage(s, root, text);
	free(text);
	free(before);
	cJSON_Delete(root);
	return changed;
}

/* Whether an entry has the name, or has none and is of that digest. */
static bool
is_meant(const cJSON *image, const char *what)
{
	const char *name = name_get(image);
	const char *digest = json_string(image, "digest");

	if (name)
		return !strcmp(name, what);
	return digest_valid(what) && digest && !strcmp(digest, what);
}

/* Whether there was such an entry; it isn't in the list any more. */
static bool
entry_remove(cJSON *manifests, const char *what)
{
	cJSON *image, *next;
	bool any = false;

	for (image = manifests->child; image; image = next) {
		next = image->next;
		if (!is_meant(image, what))
			continue;
		cJSON_Delete(cJSON_DetachItemViaPointer(manifests, image));
		any = true;
	}
	return any;
}

/* Whether a name is one of those before it. */
static bool
is_repeated(const char *const *names, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(names[i], names[at]))
			return true;
	return false;
}

void
index_stage_without(const struct store *s, const char *const *names, size_t n)
{
	bool was;
	cJSON *root = root_read(s, &was);
	cJSON *manifests = cJSON_GetObjectItemCaseSensitive(root, "manifests");
	char *text;

	for (size_t i = 0; i < n; i++)
		if (!is_repeated(names, i) &&
		    !entry_remove(manifests, names[i]))
			die(digest_valid(names[i])
				? "%s: no image without a name is %s; "
				  "oci-layout-ls %s lists what there is"
				: "%s: no image has the name %s; oci-layout-ls "
				  "%s lists what there is",
			    s->path, names[i], s->path);
	text = json_text(root);
	root_stage(s, root, text);
	free(text);
	cJSON_Delete(root);
}

void
index_publish(const struct store *s, bool staged)
{
	if (staged)
		store_move(s, "index.json", s->layout);
	store_change_sync(s, s->layout);
}
