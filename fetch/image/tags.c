/* SPDX-License-Identifier: ISC */
/* The tags of a repository, page by page. */
#include "fetch/image/tags.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/image/pages.h"
#include "fetch/image/reference.h"
#include "fetch/registry/registry.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"

#define PAGE_MAX (4 << 20) /* bytes of one answer */
#define TAGS_MAX (8 << 20) /* bytes of all tags */

struct tags {
	struct buf text;  /* the answer, as JSON */
	unsigned strange; /* left out: no reference can name them */
};

static void
tag_add(struct tags *t, const char *tag)
{
	if (!reference_tag_valid(tag)) {
		t->strange++;
		return;
	}
	/* Such a tag has nothing that JSON would escape. */
	buf_addf(&t->text, "%s\"%s\"",
	    t->text.data[t->text.len - 1] == '[' ? "" : ",", tag);
}

/* Add the tags of one page; a repository without any has null there. */
static void
page_add(struct tags *t, const struct buf *page, const char *object)
{
	const cJSON *tags, *tag;
	const char *why;
	cJSON *json = json_parse(page->data ? page->data : "", page->len, &why);

	if (!json)
		die("%s: the list of tags %s", object, why);
	tags = json_get(json, "tags");
	if (tags && !cJSON_IsArray(tags))
		die("%s: the list of tags is not an array", object);
	cJSON_ArrayForEach(tag, tags)
	{
		/* Some registries list what has no name as null. */
		if (!cJSON_IsString(tag) && !cJSON_IsNull(tag))
			die("%s: a tag that is not a string", object);
		tag_add(t, cJSON_IsNull(tag) ? "" : cJSON_GetStringValue(tag));
	}
	if (t->text.len > TAGS_MAX)
		die("%s: more than %d bytes of tags", object, TAGS_MAX);
	cJSON_Delete(json);
}

char *
tags_fetch(struct registry *r)
{
	char *object = xasprintf("%s/%s", r->ref->host, r->ref->repository);
	struct tags tags = {0};
	struct buf page = {0};
	struct response answer;
	struct pages pages;

	buf_addf(&tags.text, "{\"name\":\"%s\",\"tags\":[", object);
	pages_begin(&pages, "tags/list", "tags");
	while (pages.path) {
		registry_get(
		    r, pages.path, NULL, PAGE_MAX, object, &page, &answer);
		page_add(&tags, &page, object);
		pages_next(&pages, r, &answer);
		response_free(&answer);
	}
	pages_free(&pages);
	buf_adds(&tags.text, "]}\n");
	if (tags.strange)
		warn("%s: %u tags that can't be part of a name are left out",
		    object, tags.strange);
	buf_free(&page);
	free(object);
	return buf_take(&tags.text);
}
