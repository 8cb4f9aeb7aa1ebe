/* SPDX-License-Identifier: ISC */
/* Documents of a kind that is unknown here: what they may name. */
#include "lib/walkother.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/digest.h"
#include "lib/digestscan.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define RUN (64 << 10) /* bytes of a large document that are read at a time */

/* A digest that stands by itself, as in Docker's first kind of manifest. */
static void
digest_look(struct walk *w, const char *text, const struct descriptor *parent,
    int depth)
{
	struct descriptor d;

	/* Once is enough: it isn't cheap to find out what the blob is. */
	if (!w->describe || !text || !digest_valid(text) ||
	    !walk_first(w, text, WALK_SEEN_BARE) || !w->describe(w, text, &d))
		return;
	walk_add(w, &d, WALK_MAYBE, parent, depth);
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
		walk_add(w, &d, WALK_MAYBE, parent, depth);
		/* It says what its digest stands for. */
		if (*d.media_type)
			walk_first(w, d.digest, WALK_SEEN_BARE);
		descriptor_free(&d);
	}
	cJSON_ArrayForEach(child, json)
	{
		digest_look(w, child->string, parent, depth);
		digest_look(w, cJSON_GetStringValue(child), parent, depth);
		json_look(w, child, parent, depth);
	}
}

/* One that is small enough for a tree. */
static void
small_look(struct walk *w, const struct descriptor *d, int depth)
{
	char *text = w->read(w, d);
	const char *why;
	cJSON *json;

	if (!text)
		return;
	json = json_parse(text, (size_t)d->size, &why);
	if (!json && media_type_is_json(d->media_type))
		w->fault(w, d, why);
	json_look(w, json, d, depth);
	cJSON_Delete(json);
	free(text);
}

/* Where a large document's digests are looked for. */
struct large {
	struct walk *walk;
	const struct descriptor *parent;
	int depth;
};

static void
large_found(void *of, const char *digest)
{
	struct large *l = of;

	digest_look(l->walk, digest, l->parent, l->depth);
}

/* Whether a text that begins so may be JSON, whatever it is called. */
static bool
begins_as_json(const char *p, size_t n)
{
	while (n && strchr(" \t\r\n", *p) && *p)
		p++, n--;
	return n && (*p == '{' || *p == '[');
}

/*
 * A document of unknown kind that is too large for a tree: whatever it has the
 * digest of.  What is no JSON names nothing.
 */
static void
large_look(struct walk *w, const struct descriptor *d, int depth)
{
	struct large l = {w, d, depth};
	struct digest_scan scan = {.found = large_found, .of = &l};
	char *p = xmalloc(RUN), text[DIGEST_MAX];
	int fd = w->open(w, d);
	bool is_json = media_type_is_json(d->media_type);
	struct digest digest;
	ssize_t n = 0;

	digest_init(&digest, d->digest);
	while (fd >= 0 && (n = io_read(fd, p, RUN)) > 0) {
		if (!is_json && !(is_json = begins_as_json(p, (size_t)n)))
			break;
		digest_update(&digest, p, (size_t)n);
		digest_scan_run(&scan, p, (size_t)n);
	}
	digest_scan_end(&scan);
	digest_final(&digest, text);
	if (fd >= 0 && is_json && (n < 0 || strcmp(text, d->digest)))
		w->fault(w, d, n < 0 ? "can't be read" : "is damaged");
	if (fd >= 0)
		close(fd);
	free(p);
}

void
walk_other(struct walk *w, const struct descriptor *d, int depth)
{
	if (d->size <= MANIFEST_MAX)
		small_look(w, d, depth);
	else if (w->open)
		large_look(w, d, depth);
}
