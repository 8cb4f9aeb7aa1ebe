/* SPDX-License-Identifier: ISC */
/* index.json, read entry by entry and staged anew. */
#include "layout/index/edit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"

/*
 * An index of the descriptors in refs/, when there is no index.json to hold
 * them; owned.
 */
static char *
text_from_refs(const struct store *s)
{
	cJSON *root = cJSON_CreateObject(), *manifests;
	struct index x = {0};
	char *text;

	json_add_int(root, "schemaVersion", 2);
	cJSON_AddStringToObject(
	    root, "mediaType", "application/vnd.oci.image.index.v1+json");
	manifests = cJSON_AddArrayToObject(root, "manifests");
	if (!faccessat(s->layout, "refs", F_OK, AT_SYMLINK_NOFOLLOW))
		layout_index(s->layout, &x, NULL, NULL);
	for (size_t i = 0; i < x.nmanifests; i++)
		cJSON_AddItemToArray(
		    manifests, descriptor_json(&x.manifests[i]));
	text = json_text(root);
	index_free(&x);
	cJSON_Delete(root);
	return text;
}

static void
entry_read(void *of, struct index_entry *old)
{
	struct edit *e = of;

	e->entry(e, old);
}

bool
edit_read(struct edit *e)
{
	const struct store *s = e->store;
	struct index x = {0};
	const char *why;
	char *text;
	int is;

	index_reader_init(&e->reader, entry_read, e);
	is = layout_index_read(s->layout, O_NOFOLLOW, &e->reader, &x, &why);
	if (is < 0)
		die("%s/index.json: it %s", s->path, why);
	if (!is) {
		text = text_from_refs(s);
		if (json_split_run(
			&e->reader.split, text, strlen(text), &why) ||
		    index_reader_end(&e->reader, &x, &why))
			die("%s/refs: what they hold %s", s->path, why);
		free(text);
	}
	index_free(&x);
	return is;
}

static void
put(struct edit *e, const char *text, size_t len)
{
	if (len && fwrite(text, len, 1, e->to) != 1)
		diesys("%s: index.json", e->store->path);
}

/* What stands before the entries. */
static void
head_put(struct edit *e)
{
	const struct json_split *split = &e->reader.split;
	const char *why;
	cJSON *root;
	char *text;

	e->to = fdopen(store_create(e->store, "index.json"), "w");
	if (!e->to)
		diesys("%s: index.json", e->store->path);
	if (split->hole) {
		put(e, split->rest.data, split->hole);
		return;
	}
	/* There is no array, or null for one, as Go writes it. */
	root = json_parse(split->rest.data, split->rest.len, &why);
	cJSON_DeleteItemFromObjectCaseSensitive(root, "manifests");
	text = json_text(root);
	put(e, text, strlen(text) - 1);
	put(e, ",\"manifests\":[", 14);
	free(text);
	cJSON_Delete(root);
}

static void
tail_put(struct edit *e)
{
	const struct json_split *split = &e->reader.split;
	const struct buf *rest = &split->rest;

	if (!e->n)
		head_put(e);
	if (split->hole)
		put(e, rest->data + split->hole, rest->len - split->hole);
	else
		put(e, "]}", 2);
}

void
edit_put(struct edit *e, const char *text, size_t len)
{
	if (!e->n++)
		head_put(e);
	else
		put(e, ",", 1);
	if (e->n > MANIFESTS_MAX)
		die("%s: it would hold more than %d images", e->store->path,
		    MANIFESTS_MAX);
	put(e, text, len);
}

void
edit_stage(struct edit *e)
{
	const char *path = e->store->path;

	tail_put(e);
	if (ftell(e->to) > MANIFEST_MAX)
		die("%s/index.json would be larger than %d bytes", path,
		    MANIFEST_MAX);
	if (fflush(e->to) || fsync(fileno(e->to)) || fclose(e->to))
		diesys("%s: index.json", path);
}

void
edit_end(struct edit *e)
{
	json_split_free(&e->reader.split);
}
