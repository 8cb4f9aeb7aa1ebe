/* SPDX-License-Identifier: ISC */
/*
 * A document with one long array, item by item.  All that is known here is
 * where strings, arrays and objects begin and end.  The array is cut at the
 * commas between its items, which are not kept, and what is left is a document
 * too: so the whole is JSON exactly when each item and the rest are.
 */
#include "lib/jsonsplit.h"

#include <stdint.h>
#include <string.h>

#define SPACE " \t\r\n"

void
json_split_begin(struct json_split *s)
{
	s->line = s->column = 1;
	s->end.at = SIZE_MAX; /* until the array ends */
}

/* What comes up to p belongs to the item or to the rest. */
static void
keep(struct json_split *s, const char **from, const char *p)
{
	buf_add(s->inside ? &s->part : &s->rest, *from, (size_t)(p - *from));
	*from = p;
}

/*
 * Whether the array that begins is the one, by the last string of the root,
 * which it has as its name, in any spelling, if the document is right.
 */
static bool
is_meant(struct json_split *s)
{
	const char *name = s->rest.data + s->string, *end, *why;
	cJSON *json;
	bool is;

	if (!s->string)
		return false;
	end = memrchr(name, '"', s->rest.len - s->string);
	json = json_parse(name, (size_t)(end + 1 - name), &why);
	is = json && !strcmp(cJSON_GetStringValue(json), s->name);
	cJSON_Delete(json);
	s->string = 0; /* it names no second value */
	return is;
}

static void
array_begin(struct json_split *s, const char **from, const char *p)
{
	keep(s, from, p);
	if (!is_meant(s))
		return;
	keep(s, from, p + 1);
	s->hole = s->rest.len;
	s->inside = true;
	s->at = (struct json_place){0, s->line, s->column + 1, s->depth};
}

/* The item ends before p: 0, or -1. */
static int
item_end(
    struct json_split *s, const char **from, const char *p, const char **why)
{
	const char *text, *end;
	cJSON *json;
	int r = -1;

	keep(s, from, p);
	text = s->part.data + strspn(s->part.data, SPACE);
	end = s->part.data + s->part.len;
	if (*p == ']' && !s->any && text == end)
		return 0;
	json = json_parse_part(s->part.data, s->part.len, &s->at, why);
	while (end > text && strchr(SPACE, end[-1]))
		end--;
	if (json)
		r = s->item(s->of, json, text, (size_t)(end - text), why);
	cJSON_Delete(json);
	s->part.len = 0;
	s->at.line = s->line;
	s->at.column = s->column + 1;
	return r;
}

static int
close_one(
    struct json_split *s, const char **from, const char *p, const char **why)
{
	int r = 0;

	if (s->inside && s->depth == 2) {
		r = item_end(s, from, p, why);
		s->inside = false;
		s->end =
		    (struct json_place){s->rest.len, s->line, s->column, 0};
	}
	s->depth--;
	return r;
}

/* A character that is in no string. */
static int
structure(
    struct json_split *s, const char **from, const char *p, const char **why)
{
	switch (*p) {
	case '"':
		s->quoted = true;
		if (s->depth == 1) {
			keep(s, from, p);
			s->string = s->rest.len;
		}
		return 0;
	case '[':
	case '{':
		if (++s->depth == 2 && *p == '[' && !s->hole)
			array_begin(s, from, p);
		return 0;
	case ',':
		if (!s->inside || s->depth != 2)
			return 0;
		s->any = true;
		if (item_end(s, from, p, why) < 0)
			return -1;
		++*from;
		return 0;
	case ']':
	case '}':
		return close_one(s, from, p, why);
	default:
		return 0;
	}
}

int
json_split_run(struct json_split *s, const char *p, size_t n, const char **why)
{
	const char *from = p;

	for (const char *end = p + n; p < end; p++) {
		if (s->escaped)
			s->escaped = false;
		else if (s->quoted && *p == '\\')
			s->escaped = true;
		else if (s->quoted)
			s->quoted = *p != '"';
		else if (structure(s, &from, p, why) < 0)
			return -1;
		s->column++;
		if (*p == '\n') {
			s->line++;
			s->column = 1;
		}
	}
	keep(s, &from, p);
	return 0;
}

cJSON *
json_split_end(struct json_split *s, const char **why)
{
	/* Then the rest is no JSON, and ends here. */
	if (s->inside)
		s->end =
		    (struct json_place){s->rest.len, s->line, s->column, 0};
	return json_parse_part(
	    s->rest.data ? s->rest.data : "", s->rest.len, &s->end, why);
}

void
json_split_free(struct json_split *s)
{
	buf_free(&s->rest);
	buf_free(&s->part);
}
