/* SPDX-License-Identifier: ISC */
/* Members of config.json by type. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "run/spec/json.h"

#define TEXT_MAX 60 /* bytes of a wrong value that a message has */

static const char *document = "config.json";

void
spec_document(const char *name)
{
	document = name;
}

void
spec_die(const char *where, const char *name, const char *fmt, ...)
{
	char why[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	die("%s: %s%s%s: %s", document, where, *where ? "." : "", name, why);
}

/* What stands there, as far as a line has room for it, and what should. */
static _Noreturn void
wrong(const cJSON *item, const char *where, const char *name, const char *must)
{
	char *text = json_text(item);
	bool is_long = strlen(text) > TEXT_MAX;

	spec_die(where, name, "%.*s%s: must %s", is_long ? TEXT_MAX : -1, text,
	    is_long ? "..." : "", must);
}

char *
get_string(const cJSON *obj, const char *where, const char *name)
{
	const cJSON *item = json_get(obj, name);

	if (!item)
		return NULL;
	if (!cJSON_IsString(item))
		wrong(item, where, name, "be a string");
	return item->valuestring;
}

char *
need_string(const cJSON *obj, const char *where, const char *name)
{
	char *s = get_string(obj, where, name);

	if (!s || !*s)
		spec_die(where, name, "must be given");
	return s;
}

char **
get_strings(const cJSON *obj, const char *where, const char *name)
{
	const cJSON *array = json_get(obj, name), *item;
	size_t n = 0;
	char **list;

	if (array && !cJSON_IsArray(array))
		wrong(array, where, name, "be an array");
	list = xcalloc(cJSON_GetArraySize(array) + 1, sizeof(*list));
	cJSON_ArrayForEach(item, array)
	{
		if (!cJSON_IsString(item))
			wrong(array, where, name, "hold only strings");
		list[n++] = item->valuestring;
	}
	return list;
}

char **
get_pairs(const cJSON *obj, const char *where, const char *name)
{
	const cJSON *map = get_object(obj, where, name), *item;
	size_t n = 0;
	char **list;

	if (!map)
		return NULL;
	list = xcalloc(2 * cJSON_GetArraySize(map) + 1, sizeof(*list));
	cJSON_ArrayForEach(item, map)
	{
		if (!cJSON_IsString(item))
			spec_die(
			    where, name, "%s: must be a string", item->string);
		list[n++] = item->string;
		list[n++] = item->valuestring;
	}
	return list;
}

bool
get_bool(const cJSON *obj, const char *where, const char *name)
{
	const cJSON *item = json_get(obj, name);

	if (item && !cJSON_IsBool(item))
		wrong(item, where, name, "be true or false");
	return cJSON_IsTrue(item);
}

int64_t
get_int(const cJSON *obj, const char *where, const char *name, int64_t min,
    int64_t max)
{
	const cJSON *item = json_get(obj, name);
	int64_t n;

	if (!item)
		return UNSET;
	if (json_int(item, min, max, &n) < 0)
		wrong(item, where, name,
		    xasprintf("be an integer from %lld to %lld", (long long)min,
			(long long)max));
	return n;
}

int64_t
need_int(const cJSON *obj, const char *where, const char *name, int64_t min,
    int64_t max)
{
	int64_t n = get_int(obj, where, name, min, max);

	if (n == UNSET)
		spec_die(where, name, "must be given");
	return n;
}

uint64_t
need_uint(const cJSON *obj, const char *where, const char *name)
{
	const cJSON *item = json_get(obj, name);
	uint64_t n;

	if (!item)
		spec_die(where, name, "must be given");
	if (json_uint(item, UINT64_MAX, &n) < 0)
		wrong(item, where, name,
		    "be an integer from 0 to 18446744073709551615");
	return n;
}

const cJSON *
get_object(const cJSON *obj, const char *where, const char *name)
{
	const cJSON *item = json_get(obj, name);

	if (item && !cJSON_IsObject(item))
		wrong(item, where, name, "be an object");
	return item;
}

const cJSON *
get_objects(const cJSON *obj, const char *where, const char *name, size_t *n)
{
	const cJSON *array = json_get(obj, name), *item;

	*n = 0;
	if (!array)
		return NULL;
	if (!cJSON_IsArray(array))
		wrong(array, where, name, "be an array");
	cJSON_ArrayForEach(item, array)
	{
		if (!cJSON_IsObject(item))
			wrong(array, where, name, "hold only objects");
		++*n;
	}
	return array->child;
}

static bool
asks_for_something(const cJSON *item)
{
	if (cJSON_IsString(item))
		return *item->valuestring != '\0';
	if (cJSON_IsObject(item) || cJSON_IsArray(item))
		return item->child != NULL;
	return item && !cJSON_IsFalse(item);
}

void
refuse(const cJSON *obj, const char *where, const char *const *names)
{
	for (; *names; names++)
		if (asks_for_something(json_get(obj, *names)))
			spec_die(where, *names,
			    "not supported by this runtime; take it out of "
			    "config.json, or use another runtime");
}
