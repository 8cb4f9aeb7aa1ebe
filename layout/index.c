/* SPDX-License-Identifier: ISC */
/* index.json: the layout's images and new ones. */
#include "layout/index.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/store.h"
#include "lib/die.h"
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
	if (!json_get(root, "manifests")) { /* null, as Go writes it */
		cJSON_DeleteItemFromObjectCaseSensitive(root, "manifests");
		cJSON_AddArrayToObject(root, "manifests");
	}
	index_free(&x);
	free(text);
	return root;
}

/* What an image is replaced by: its name, or itself when it has none. */
static int
key_compare(const void *x, const void *y)
{
	const cJSON *a = *(const cJSON *const *)x,
		    *b = *(const cJSON *const *)y;
	const char *name = index_name(a), *other = index_name(b);

	if (name && other)
		return strcmp(name, other);
	if (name || other)
		return name ? 1 : -1;
	name = json_string(a, "digest");
	other = json_string(b, "digest");
	return strcmp(name ? name : "", other ? other : "");
}

static void
merge(cJSON *manifests, const cJSON *images)
{
	size_t n = (size_t)cJSON_GetArraySize(images), i = 0;
	const cJSON **sorted = xcalloc(n + 1, sizeof *sorted), *new;
	cJSON *old, *next;

	cJSON_ArrayForEach(new, images) sorted[i++] = new;
	qsort(sorted, n, sizeof *sorted, key_compare);
	for (old = manifests->child; old; old = next) {
		next = old->next;
		if (bsearch(&old, sorted, n, sizeof *sorted, key_compare))
			cJSON_Delete(
			    cJSON_DetachItemViaPointer(manifests, old));
	}
	free(sorted);
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
