/* SPDX-License-Identifier: ISC */
/* cJSON's items: looked up, taken as numbers, printed. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"

const char *
json_library(void)
{
	static char text[32];

	snprintf(text, sizeof text, "cJSON/%s", cJSON_Version());
	return text;
}

const cJSON *
json_get(const cJSON *obj, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(obj, name);

	return cJSON_IsNull(item) ? NULL : item;
}

const char *
json_string(const cJSON *obj, const char *name)
{
	return cJSON_GetStringValue(json_get(obj, name));
}

bool
json_has_variant(const cJSON *obj, const char *const *names)
{
	const cJSON *item;

	cJSON_ArrayForEach(item,
	    obj) for (size_t i = 0; item->string && names[i];
		      i++) if (!strcasecmp(item->string, names[i]) &&
			       strcmp(item->string, names[i]) != 0) return true;
	return false;
}

#define EXACT 9007199254740992.0 /* 2^53: doubles beyond it lose bits */

/* The digits of a number that a double can't hold; NULL: it holds it. */
static const char *
large_digits(const cJSON *item)
{
	return fabs(item->valuedouble) < EXACT ? NULL : item->valuestring;
}

int
json_int(const cJSON *item, int64_t min, int64_t max, int64_t *value)
{
	const char *digits;
	intmax_t n;
	char *end;

	if (!cJSON_IsNumber(item))
		return -1;
	digits = large_digits(item);
	if (digits) {
		errno = 0;
		n = strtoimax(digits, &end, 10);
		if (errno || *end)
			return -1;
	} else {
		n = (intmax_t)item->valuedouble;
		if ((double)n != item->valuedouble)
			return -1;
	}
	if (n < min || n > max)
		return -1;
	*value = n;
	return 0;
}

int
json_uint(const cJSON *item, uint64_t max, uint64_t *value)
{
	const char *digits;
	uintmax_t n;
	int64_t small;
	char *end;

	if (!cJSON_IsNumber(item))
		return -1;
	digits = large_digits(item);
	if (!digits) {
		if (json_int(item, 0, INT64_MAX, &small) < 0)
			return -1;
		n = small;
	} else {
		errno = 0;
		n = strtoumax(digits, &end, 10);
		if (errno || *end || *digits == '-')
			return -1;
	}
	if (n > max)
		return -1;
	*value = n;
	return 0;
}

void
json_add_int(cJSON *obj, const char *name, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%" PRId64, value);
	cJSON_AddRawToObject(obj, name, digits);
}

void
json_add_uint(cJSON *obj, const char *name, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%" PRIu64, value);
	cJSON_AddRawToObject(obj, name, digits);
}

/* cJSON prints a number from its double, raw text as it is. */
static void
numbers_to_raw(cJSON *item)
{
	cJSON *child;

	if (cJSON_IsNumber(item) && item->valuestring)
		item->type = cJSON_Raw;
	cJSON_ArrayForEach(child, item) numbers_to_raw(child);
}

/* Print a copy of the item with the numbers as they were written. */
static char *
print(const cJSON *item, char *(*how)(const cJSON *))
{
	cJSON *copy = cJSON_Duplicate(item, true);
	char *text;

	numbers_to_raw(copy);
	text = how(copy);
	cJSON_Delete(copy);
	return text;
}

char *
json_text(const cJSON *item)
{
	return print(item, cJSON_PrintUnformatted);
}

char *
json_pretty(const cJSON *item)
{
	char *text = print(item, cJSON_Print);

	/* A tab before a value; within strings tabs are escaped. */
	for (char *p = text; (p = strchr(p, ':')); p++)
		if (p[1] == '\t')
			p[1] = ' ';
	return text;
}
