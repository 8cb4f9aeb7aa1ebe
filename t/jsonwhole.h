/* SPDX-License-Identifier: ISC */
/* Whether a document that is split is taken for what it is as a whole. */
#ifndef T_JSONWHOLE_H
#define T_JSONWHOLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/jsonsplit.h"

/* The items as they come, in an array. */
static inline int
whole_item(
    void *of, const cJSON *json, const char *text, size_t len, const char **why)
{
	cJSON *again = json_parse(text, len, why);
	char *a = json_text(json), *b = again ? json_text(again) : NULL;

	if (!b || strcmp(a, b) || strchr(" \t\r\n", *text) ||
	    strchr(" \t\r\n", text[len - 1]))
		abort();
	free(a);
	free(b);
	cJSON_AddItemToArray(of, again);
	return 0;
}

/* Split a document that comes in runs of some bytes; put it together again. */
static inline cJSON *
whole_split(
    const char *name, const char *text, size_t len, size_t run, char why[128])
{
	cJSON *items = cJSON_CreateArray(), *rest = NULL;
	struct json_split s = {.name = name, .item = whole_item, .of = items};
	const char *reason = NULL;
	int r = 0;

	json_split_begin(&s);
	for (size_t at = 0; !r && at < len; at += run)
		r = json_split_run(
		    &s, text + at, len - at < run ? len - at : run, &reason);
	if (!r)
		rest = json_split_end(&s, &reason);
	if (!rest)
		snprintf(why, 128, "%s", reason);
	if (rest && s.hole && cJSON_IsObject(rest))
		cJSON_ReplaceItemInObjectCaseSensitive(rest, name, items);
	else
		cJSON_Delete(items);
	json_split_free(&s);
	return rest;
}

/*
 * Whether both ways take the document, and for the same, or neither does.  A
 * root that is an array may lose the items of an array in it.
 */
static inline bool
whole_agrees(const char *name, const char *text, size_t len, size_t run)
{
	const char *why;
	char reason[128];
	cJSON *whole = json_parse(text, len, &why);
	cJSON *parts = whole_split(name, text, len, run, reason);
	char *a = whole ? json_text(whole) : NULL;
	char *b = parts ? json_text(parts) : NULL;
	bool is = !a == !b && (!a || !cJSON_IsObject(whole) || !strcmp(a, b)) &&
		  (!a || whole->type == parts->type);

	free(a);
	free(b);
	cJSON_Delete(whole);
	cJSON_Delete(parts);
	return is;
}

#endif
