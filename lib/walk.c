/* SPDX-License-Identifier: ISC */
/* The one walk over what images are made of. */
#include "lib/walk.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"

#define STRING(n) #n
#define DIGITS(n) STRING(n)
#define TOO_DEEP                                                               \
	"lies in more than " DIGITS(INDEX_DEPTH_MAX) " indexes, one in "       \
						     "another"

static bool add(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent, int depth);

enum walk_kind
walk_kind_of(const struct descriptor *d)
{
	if (media_type_is_index(d->media_type))
		return WALK_INDEX;
	return media_type_is_manifest(d->media_type) ? WALK_MANIFEST
						     : WALK_OTHER;
}

static int
text_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*
 * Whether a document is met for the first time in this meaning: bytes that are
 * named as an index here and as a manifest there are looked at as both.
 */
static bool
is_new(struct walk *w, const struct descriptor *d)
{
	char *key = xasprintf("%d%s", (int)walk_kind_of(d), d->digest);
	char **at = tsearch(key, &w->seen, text_compare);

	if (!at)
		die("out of memory");
	if (*at == key)
		return true;
	free(key);
	return false;
}

/*
 * Who reads a document by its descriptor and who goes by what it says of
 * itself must come to the same.
 */
static void
media_type_check(struct walk *w, const struct descriptor *d, const char *own)
{
	char *why;

	if (!*own || !strcmp(own, d->media_type))
		return;
	why = xasprintf("says that it is %s, its descriptor %s", own,
	    *d->media_type ? d->media_type : "nothing");
	w->fault(w, d, why);
	free(why);
}

static void
manifest_look(
    struct walk *w, const struct descriptor *d, const char *text, int depth)
{
	struct manifest m;
	const char *why;

	if (manifest_parse(text, (size_t)d->size, &m, &why) < 0) {
		w->fault(w, d, why);
		return;
	}
	media_type_check(w, d, m.media_type);
	add(w, &m.config, WALK_CONFIG, d, depth);
	for (size_t i = 0; i < m.nlayers; i++)
		add(w, &m.layers[i], WALK_LAYER, d, depth);
	if (m.subject)
		add(w, m.subject, WALK_MAYBE, d, depth);
	manifest_free(&m);
}

static void
index_look(
    struct walk *w, const struct descriptor *d, const char *text, int depth)
{
	struct index x;
	const char *why;
	size_t taken = 0;

	if (index_parse(text, (size_t)d->size, &x, &why) < 0) {
		w->fault(w, d, why);
		return;
	}
	media_type_check(w, d, x.media_type);
	w->nforeign += x.nforeign;
	for (size_t i = 0; i < x.nmanifests; i++)
		taken += add(w, &x.manifests[i], walk_kind_of(&x.manifests[i]),
		    d, depth);
	if (x.subject)
		add(w, x.subject, WALK_MAYBE, d, depth);
	if (w->end)
		w->end(w, d, taken, x.nmanifests);
	index_free(&x);
}

/* A digest that stands by itself, as in Docker's first kind of manifest. */
static void
digest_look(struct walk *w, const char *text, const struct descriptor *parent,
    int depth)
{
	struct descriptor d;

	if (!w->describe || !text || !digest_valid(text) ||
	    !w->describe(w, text, &d))
		return;
	add(w, &d, WALK_MAYBE, parent, depth);
	descriptor_free(&d);
}

/* Whatever looks like a descriptor or is a digest, however deep it lies. */
static void
json_look(struct walk *w, const cJSON *json, const struct descriptor *parent,
    int depth)
{
	struct descriptor d;
	const cJSON *child;
	const char *why;

	if (cJSON_IsObject(json) && descriptor_parse(json, &d, &why) == 0) {
		add(w, &d, WALK_MAYBE, parent, depth);
		descriptor_free(&d);
	}
	cJSON_ArrayForEach(child, json)
	{
		digest_look(w, child->string, parent, depth);
		digest_look(w, cJSON_GetStringValue(child), parent, depth);
		json_look(w, child, parent, depth);
	}
}

/* "application/vnd.example.v1+json; charset=utf-8", "application/json" */
static bool
media_type_is_json(const char *media_type)
{
	size_t len = strcspn(media_type, "; ");

	return len > 5 && strchr("+/", media_type[len - 5]) &&
	       !strncasecmp(media_type + len - 4, "json", 4);
}

static void
other_look(
    struct walk *w, const struct descriptor *d, const char *text, int depth)
{
	const char *why;
	cJSON *json = json_parse(text, (size_t)d->size, &why);

	if (!json && media_type_is_json(d->media_type))
		w->fault(w, d, why);
	json_look(w, json, d, depth);
	cJSON_Delete(json);
}

/* Read a document, and go on to what it names.  needed: it has to be there. */
static void
look(struct walk *w, const struct descriptor *d, bool needed, int depth)
{
	enum walk_kind kind = walk_kind_of(d);
	char *text;

	if (kind == WALK_OTHER && d->size > MANIFEST_MAX) {
		/* What is no JSON names nothing. */
		if (media_type_is_json(d->media_type))
			w->fault(w, d, "is too large to be looked into");
		return;
	}
	if (depth + (kind == WALK_INDEX) > INDEX_DEPTH_MAX) {
		if (needed)
			w->fault(w, d, TOO_DEEP);
		return;
	}
	text = w->read(w, d);
	if (!text)
		return;
	if (kind == WALK_INDEX)
		index_look(w, d, text, depth + 1);
	else if (kind == WALK_MANIFEST)
		manifest_look(w, d, text, depth + 1);
	else
		other_look(w, d, text, depth + 1);
	free(text);
}

/* Whether it was taken. */
static bool
add(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent, int depth)
{
	bool may = kind != WALK_CONFIG && kind != WALK_LAYER;

	if (++w->count > WALK_MAX)
		die("the images have more than %d descriptors", WALK_MAX);
	if (!w->visit(w, d, kind, parent))
		return false;
	/* Of what may be anything only known documents are looked into. */
	if (kind == WALK_MAYBE && walk_kind_of(d) == WALK_OTHER)
		may = false;
	if (may && is_new(w, d))
		look(w, d, kind != WALK_MAYBE, depth);
	return true;
}

void
walk_from(struct walk *w, const struct descriptor *d)
{
	add(w, d, walk_kind_of(d), NULL, 0);
}

void
walk_end(struct walk *w)
{
	tdestroy(w->seen, free);
	w->seen = NULL;
	w->count = 0;
}
