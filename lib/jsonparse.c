/* SPDX-License-Identifier: ISC */
/* JSON text: what would be read in two ways is refused. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"

#define DEPTH_MAX 64

static const struct json_place whole = {.line = 1, .column = 1};

/* A reason, and the place in the document that it is about. */
static const char *
fault_at(const char *fault, const char *text, const char *at,
    const struct json_place *place)
{
	static _Thread_local char reason[128];
	const char *line = text;
	size_t number = 1, column = 1;

	if ((size_t)(at - text) >= place->at) {
		line = text + place->at;
		number = place->line;
		column = place->column;
	}
	for (const char *p; (p = memchr(line, '\n', at - line)); line = p + 1) {
		number++;
		column = 1;
	}
	snprintf(reason, sizeof reason, "%s at line %zu, column %zu", fault,
	    number, (size_t)(at - line) + column);
	return reason;
}

/*
 * A look at the text before cJSON has it: how deep it goes (cJSON recurses),
 * and whether a string holds an escaped NUL (cJSON would cut it there).  The
 * place of what is found is in *at.
 */
static const char *
text_fault(const char *p, const char *end, int depth, const char **at)
{
	bool quoted = false;

	*at = memchr(p, '\0', end - p);
	if (*at)
		return "holds a NUL byte";
	*at = p;
	if (end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		return "begins with a byte order mark";
	for (; p < end; p++) {
		*at = p;
		if (quoted && *p == '\\') {
			if (end - p >= 6 && memcmp(p, "\\u0000", 6) == 0)
				return "holds \\u0000";
			p++;
		} else if (*p == '"') {
			quoted = !quoted;
		} else if (quoted) {
			/* cJSON takes them; other readers don't (RFC 8259). */
			if ((unsigned char)*p < ' ')
				return "has a control character in a string";
		} else if (*p == '{' || *p == '[') {
			if (++depth > DEPTH_MAX)
				return "is nested too deeply";
		} else if (*p == '}' || *p == ']') {
			depth--;
		} else if ((unsigned char)*p < ' ' && !strchr("\t\r\n", *p)) {
			return "has a control character for a space";
		}
	}
	return NULL;
}

static int
name_compare(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

static bool
has_duplicates(const cJSON *obj)
{
	const cJSON *item, **all;
	bool found = false;
	size_t n = 0, i = 0;

	cJSON_ArrayForEach(item, obj) n++;
	if (n < 2)
		return false;
	all = xreallocarray(NULL, n, sizeof(*all));
	cJSON_ArrayForEach(item, obj) all[i++] = item;
	qsort(all, n, sizeof(*all), name_compare);
	for (i = 1; i < n && !found; i++)
		found = strcmp(all[i - 1]->string, all[i]->string) == 0;
	free(all);
	return found;
}

/* Move *p behind the next string. */
static void
pass_string(const char **p)
{
	for (*p = strchr(*p, '"') + 1; **p != '"'; ++*p)
		if (**p == '\\')
			++*p;
	++*p;
}

/*
 * Whether the len characters at p are a number of RFC 8259: cJSON takes 010
 * for ten, which others take for eight, and 1. too.
 */
static bool
is_number(const char *p, size_t len)
{
	static const char digits[] = "0123456789";
	const char *end = p + len;
	size_t n;

	p += *p == '-';
	n = strspn(p, digits);
	if (n == 0 || (n > 1 && *p == '0'))
		return false;
	p += n;
	if (*p == '.') {
		n = strspn(++p, digits);
		if (n == 0)
			return false;
		p += n;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		p += *p == '-' || *p == '+';
		p += strspn(p, digits);
	}
	return p == end;
}

/*
 * Numbers keep their digits, for a double can't hold all of them: they go into
 * the item's valuestring, which cJSON leaves unused for numbers and frees with
 * the item.
 */
static const char *
pass_number(cJSON *item, const char **p)
{
	size_t len;

	*p += strcspn(*p, "-0123456789");
	len = strspn(*p, "-+.eE0123456789");
	if (!is_number(*p, len))
		return "has a number that is not written as in JSON";
	item->valuestring = xstrndup(*p, len);
	*p += len;
	return NULL;
}

/*
 * Go through the tree and its text side by side, for the items come in the
 * order of the text.  *p is at what is wrong then.
 */
static const char *
tree_fault(cJSON *item, const char **p)
{
	const char *why = NULL;
	cJSON *child;

	if (cJSON_IsNumber(item))
		why = pass_number(item, p);
	else if (cJSON_IsString(item))
		pass_string(p);
	if (cJSON_IsObject(item)) {
		*p = strchr(*p, '{');
		if (has_duplicates(item))
			return "has a name twice in the object";
		++*p;
	}
	cJSON_ArrayForEach(child, item)
	{
		if (cJSON_IsObject(item))
			pass_string(p);
		why = tree_fault(child, p);
		if (why)
			break;
	}
	return why;
}

/*
 * The place of what isn't JSON, of where cJSON stopped: behind the character
 * that stands where a name should.
 */
static const char *
stop_place(const char *text, const char *at)
{
	const char *last = at - 1, *before = last;

	if (at == text || strchr("[{\"0123456789 \t\r\n", *last))
		return at;
	while (before > text && strchr(" \t\r\n", before[-1]))
		before--;
	return before > text && strchr("{,", before[-1]) ? last : at;
}

cJSON *
json_parse(const char *text, size_t len, const char **why)
{
	return json_parse_part(text, len, &whole, why);
}

cJSON *
json_parse_part(const char *text, size_t len, const struct json_place *place,
    const char **why)
{
	const char *at, *end = text + len, *fault;
	cJSON *json;
	char *copy;

	*why = NULL;
	fault = text_fault(text, end, place->depth, &at);
	if (fault) {
		*why = fault_at(fault, text, at, place);
		return NULL;
	}
	copy = xstrndup(text, len); /* with the NUL that pass_number needs */
	json = cJSON_ParseWithLengthOpts(copy, len + 1, &at, false);
	if (!json) {
		fault = "is not JSON";
		at = stop_place(copy, at);
	} else if (at += strspn(at, " \t\r\n"), *at != '\0') {
		fault = "has text after the value";
	} else {
		at = copy;
		fault = tree_fault(json, &at);
	}
	if (fault) {
		*why = fault_at(fault, copy, at, place);
		cJSON_Delete(json);
		json = NULL;
	}
	free(copy);
	return json;
}
