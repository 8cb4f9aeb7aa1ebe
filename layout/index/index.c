/* SPDX-License-Identifier: ISC */
/* index.json: the layout's images and new ones. */
#include "layout/index/index.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "layout/index/edit.h"
#include "layout/index/name.h"
#include "layout/store/store.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"

/* An image that comes in.  image is first, so that it is compared by key. */
struct arrival {
	const cJSON *image;
	size_t order;
};

/* Those of one key, n from this place of the list on. */
struct arrivals {
	const cJSON *image; /* the first */
	size_t place, n;
	size_t old;  /* images of index.json that they replace, */
	bool same;   /* which say the same so far; */
	bool placed; /* they have */
};

struct merge {
	struct edit edit; /* first, for the edit's function gets it */
	struct arrival *list;
	struct arrivals *keys;
	size_t nkeys;
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

/* Sort the images by key, and in their order. */
static void
merge_begin(struct merge *m, const cJSON *images)
{
	size_t n = (size_t)cJSON_GetArraySize(images), i = 0;
	struct arrivals *last = NULL;
	const cJSON *new;

	m->list = xcalloc(n, sizeof *m->list);
	m->keys = xcalloc(n, sizeof *m->keys);
	cJSON_ArrayForEach(new, images)
	{
		m->list[i] = (struct arrival){new, i};
		i++;
	}
	if (n)
		qsort(m->list, n, sizeof *m->list, arrival_compare);
	for (i = 0; i < n; i++) {
		if (!last || key_compare(last, &m->list[i])) {
			last = &m->keys[m->nkeys++];
			*last = (struct arrivals){
			    m->list[i].image, i, .same = true};
		}
		last->n++;
	}
}

/* The arrivals of an image's key; NULL: there are none. */
static struct arrivals *
arrivals_find(const struct merge *m, const cJSON *image)
{
	return bsearch(&image, m->keys, m->nkeys, sizeof *m->keys, key_compare);
}

static void
image_put(struct edit *e, const cJSON *image)
{
	char *text = json_text(image);

	edit_put(e, text, strlen(text));
	free(text);
}

static bool
says_the_same(const cJSON *a, const cJSON *b)
{
	char *text = json_text(a), *other = json_text(b);
	bool is = !strcmp(text, other);

	free(text);
	free(other);
	return is;
}

/* A first look: what the images of index.json are replaced by. */
static void
merge_look(struct edit *e, const struct index_entry *old)
{
	const struct merge *m = (const struct merge *)e;
	struct arrivals *key = arrivals_find(m, old->json);

	if (!key)
		return;
	if (key->same && key->old < key->n)
		key->same = says_the_same(
		    old->json, m->list[key->place + key->old].image);
	key->old++;
}

static bool
merge_changes(const struct merge *m)
{
	for (size_t i = 0; i < m->nkeys; i++)
		if (!m->keys[i].same || m->keys[i].old != m->keys[i].n)
			return true;
	return false;
}

/*
 * The second: an image of index.json stays, or the new ones of its key come in
 * the place of the first, so that what is written again changes nothing.
 */
static void
merge_entry(struct edit *e, const struct index_entry *old)
{
	const struct merge *m = (const struct merge *)e;
	struct arrivals *key = arrivals_find(m, old->json);

	if (!key) {
		edit_put(e, old->text, old->len);
		return;
	}
	for (size_t i = 0; i < key->n && !key->placed; i++)
		image_put(e, m->list[key->place + i].image);
	key->placed = true;
}

/* What replaces nothing comes last. */
static void
merge_rest(struct merge *m, const cJSON *images)
{
	const cJSON *new;

	cJSON_ArrayForEach(new, images)
	{
		if (!arrivals_find(m, new)->placed)
			image_put(&m->edit, new);
	}
}

bool
index_stage(const struct store *s, const cJSON *images)
{
	struct merge m = {.edit = {.store = s, .entry = merge_look}};
	bool changed;

	merge_begin(&m, images);
	changed = !edit_read(&m.edit);
	changed |= merge_changes(&m);
	edit_end(&m.edit);
	if (changed) {
		m.edit = (struct edit){.store = s, .entry = merge_entry};
		edit_read(&m.edit);
		merge_rest(&m, images);
		edit_stage(&m.edit);
		edit_end(&m.edit);
	}
	free(m.list);
	free(m.keys);
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

/* Names that are taken away, and whether there were such. */
struct removal {
	struct edit edit; /* first, for the edit's function gets it */
	const char *const *names;
	bool *found;
	size_t n;
};

static void
removal_entry(struct edit *e, const struct index_entry *old)
{
	struct removal *r = (struct removal *)e;
	bool any = false, is;

	for (size_t i = 0; i < r->n; i++) {
		is = is_meant(old->json, r->names[i]);
		r->found[i] |= is;
		any |= is;
	}
	if (!any)
		edit_put(e, old->text, old->len);
}

void
index_stage_without(const struct store *s, const char *const *names, size_t n)
{
	struct removal r = {.edit = {.store = s, .entry = removal_entry},
	    .names = names,
	    .found = xcalloc(n, sizeof *r.found),
	    .n = n};

	edit_read(&r.edit);
	for (size_t i = 0; i < n; i++)
		if (!r.found[i])
			die(digest_valid(names[i])
				? "%s: no image without a name is %s; "
				  "oci-layout-ls %s lists what there is"
				: "%s: no image has the name %s; oci-layout-ls "
				  "%s lists what there is",
			    s->path, names[i], s->path);
	edit_stage(&r.edit);
	edit_end(&r.edit);
	free(r.found);
}

void
index_publish(const struct store *s, bool staged)
{
	if (staged)
		store_move(s, "index.json", s->layout);
	store_change_sync(s, s->layout);
}
