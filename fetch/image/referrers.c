/* SPDX-License-Identifier: ISC */
/* What refers to a manifest. */
#include "fetch/image/referrers.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/image/document.h"
#include "fetch/image/pages.h"
#include "fetch/image/reference.h"
#include "fetch/registry/registry.h"
#include "lib/buf.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"

#define INDEX_TYPE "application/vnd.oci.image.index.v1+json"
#define ACCEPT "Accept: " INDEX_TYPE
#define HELD_MAX (8 << 20)  /* bytes of all pages */
#define REFERRERS_MAX 16384 /* to one manifest */

/* The artifactType that a manifest has, or what stands for it; owned. */
static char *
type_of_manifest(const struct document *d)
{
	const char *why, *type;
	cJSON *json = json_parse(d->data, (size_t)d->desc.size, &why);
	char *found;

	type = json_string(json, "artifactType");
	if (!type || !*type)
		type = json_string(json_get(json, "config"), "mediaType");
	found = xstrdup(type ? type : "");
	cJSON_Delete(json);
	return found;
}

/* The artifactType of a descriptor, "" where it says none; owned. */
static char *
type_of_descriptor(const struct descriptor *desc)
{
	const char *why, *type;
	cJSON *json = json_parse(desc->json, strlen(desc->json), &why);
	char *found;

	type = json_string(json, "artifactType");
	found = xstrdup(type ? type : "");
	cJSON_Delete(json);
	return found;
}

/*
 * The manifest of one, or false with a warning: registries keep lists of what
 * was deleted since, and no image needs what is about it.
 */
static bool
find(struct registry *r, const struct descriptor *desc, struct document *d)
{
	bool found = document_find_any(r, desc, d);

	if (!found)
		warn("%s: left out, for %s lists it as a referrer and doesn't "
		     "have it",
		    desc->digest, r->ref->host);
	return found;
}

/* A tag's list may leave the type out; then the manifest has it. */
static bool
is_wanted(struct registry *r, const struct descriptor *desc, const char *type)
{
	struct document d;
	char *its;
	bool wanted;

	if (!type)
		return true;
	its = type_of_descriptor(desc);
	if (!*its) {
		free(its);
		if (!find(r, desc, &d))
			return false;
		its = type_of_manifest(&d);
		document_free(&d);
	}
	wanted = strcmp(its, type) == 0;
	free(its);
	return wanted;
}

/*
 * Its annotations are the referrer's own, and a name among them would be an
 * image's here.
 */
static void
add(struct referrers *list, const struct descriptor *desc)
{
	struct descriptor *mine;

	if (list->n == REFERRERS_MAX)
		die("%s: it is one of more than %d referrers", desc->digest,
		    REFERRERS_MAX);
	list->all = xreallocarray(list->all, list->n + 1, sizeof *list->all);
	mine = &list->all[list->n++];
	descriptor_copy(mine, desc);
	free(mine->ref_name);
	free(mine->image_name);
	mine->ref_name = mine->image_name = NULL;
}

/* Add what an index lists: 0, or -1 with a reason. */
static int
index_add(struct registry *r, const struct buf *text, struct referrers *list,
    const char **why)
{
	struct index x;

	if (index_parse(text->data ? text->data : "", text->len, &x, why) < 0)
		return -1;
	for (size_t i = 0; i < x.nmanifests; i++)
		if (is_wanted(r, &x.manifests[i], list->type))
			add(list, &x.manifests[i]);
	if (x.nforeign)
		warn("%zu referrers have digests of an unknown kind and are "
		     "left out",
		    x.nforeign);
	index_free(&x);
	return 0;
}

/* "referrers/DIGEST?artifactType=TYPE", owned. */
static char *
path_of(const char *digest, const char *type)
{
	struct buf b = {0};

	buf_addf(&b, "referrers/%s", digest);
	if (type)
		buf_adds(&b, "?artifactType=");
	for (; type && *type; type++) {
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz0123456789._-",
			*type))
			buf_addc(&b, *type);
		else
			buf_addf(&b, "%%%02X", (unsigned char)*type);
	}
	return buf_take(&b);
}

/* By the registry's interface: false when it has none. */
static bool
ask(struct registry *r, const char *digest, struct referrers *list)
{
	char *path = path_of(digest, list->type);
	struct response answer;
	struct buf page = {0};
	struct pages pages;
	const char *why;
	size_t held = 0;
	bool is = true;

	pages_begin(&pages, path, "referrers");
	free(path);
	for (bool first = true; pages.path && is; first = false) {
		is = registry_may_get(r, pages.path, ACCEPT, MANIFEST_MAX,
			 digest, &page, &answer) &&
		     strcmp(answer.type, INDEX_TYPE) == 0;
		if (!is && !first)
			die("%s: the registry left off in the middle of the "
			    "referrers",
			    digest);
		if (is && index_add(r, &page, list, &why) < 0)
			die("%s: the list of referrers %s", digest, why);
		held += page.len;
		if (held > HELD_MAX)
			die("%s: more than %d bytes of referrers", digest,
			    HELD_MAX);
		if (is)
			pages_next(&pages, r, &answer);
		response_free(&answer);
	}
	pages_free(&pages);
	buf_free(&page);
	return is;
}

/*
 * By the tag that stands in for it.  A registry that takes the tag for the
 * digest gives the manifest itself, which lists nothing of the kind.
 */
static void
look_up(struct registry *r, const char *digest, struct referrers *list)
{
	const char *hex = digest_hex(digest), *why;
	char *path = xasprintf(
	    "manifests/%.*s-%.64s", (int)(hex - digest) - 1, digest, hex);
	char text[DIGEST_MAX];
	struct response answer;
	struct buf index = {0};

	if (registry_may_get(
		r, path, ACCEPT, MANIFEST_MAX, digest, &index, &answer)) {
		digest_of(
		    index.data ? index.data : "", index.len, digest, text);
		if (strcmp(text, digest) != 0 &&
		    index_add(r, &index, list, &why) < 0)
			warn("%s: the tag of its referrers is no list of them:"
			     " it %s",
			    digest, why);
	}
	response_free(&answer);
	buf_free(&index);
	free(path);
}

void
referrers_fetch(struct registry *r, const char *digest, struct referrers *list)
{
	bool asked = list->by != REFERRERS_TAGGED && ask(r, digest, list);

	if (asked)
		list->by = REFERRERS_ASKED;
	/* Who has listed others before has none of this. */
	if (asked || list->by == REFERRERS_ASKED)
		return;
	list->by = REFERRERS_TAGGED;
	look_up(r, digest, list);
}

/* Readers tell by its type that it is no image. */
static void
type_complete(struct descriptor *desc, const struct document *d)
{
	const char *why;
	char *type = type_of_descriptor(desc);
	cJSON *json;

	if (!*type) {
		free(type);
		type = type_of_manifest(d);
		json = json_parse(desc->json, strlen(desc->json), &why);
		cJSON_DeleteItemFromObjectCaseSensitive(json, "artifactType");
		if (*type)
			cJSON_AddStringToObject(json, "artifactType", type);
		free(desc->json);
		desc->json = json_text(json);
		cJSON_Delete(json);
	}
	free(type);
}

bool
referrers_document(struct registry *r, struct descriptor *referrer,
    const char *digest, struct document *d)
{
	const char *why;
	cJSON *json;
	const char *subject;
	bool is;

	if (!find(r, referrer, d))
		return false;
	json = json_parse(d->data, (size_t)d->desc.size, &why);
	subject = json_string(json_get(json, "subject"), "digest");
	is = subject && strcmp(subject, digest) == 0;
	if (is)
		type_complete(referrer, d);
	else
		warn("%s: left out, for it is listed as about %s and says "
		     "nothing of it",
		    referrer->digest, digest);
	cJSON_Delete(json);
	if (!is)
		document_free(d);
	return is;
}

void
referrers_free(struct referrers *list)
{
	for (size_t i = 0; i < list->n; i++)
		descriptor_free(&list->all[i]);
	free(list->all);
	list->all = NULL;
	list->n = 0;
}
