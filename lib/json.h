/* SPDX-License-Identifier: ISC */
/*
 * cJSON, held to what container formats need.  Names are compared by case.
 * What would be read in two ways is refused: duplicate names, "\u0000",
 * text after the document, more than 64 levels.  A program that uses this sets
 * cJSON's hooks first, so that a want of memory ends it and is never taken for
 * bad input: cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free}).
 */
#ifndef LIB_JSON_H
#define LIB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

/* "cJSON/1.7.15", of the library that runs. */
const char *json_library(void);

/*
 * One document of len bytes; NULL with a reason that has line and column, from
 * 1 and in bytes, and is good until the next call.  Free with cJSON_Delete.
 */
cJSON *json_parse(const char *text, size_t len, const char **why);

/*
 * Where a part of a document stood in it, for reasons: from the byte at of the
 * part on, at that line and column, and in so many arrays and objects.
 */
struct json_place {
	size_t at, line, column;
	int depth;
};

/* The same of a part that is JSON by itself. */
cJSON *json_parse_part(const char *text, size_t len,
    const struct json_place *place, const char **why);

/* The member name of obj, or NULL; null members count as absent. */
const cJSON *json_get(const cJSON *obj, const char *name);

/*
 * Whether obj has a member whose name is one of names, which NULL ends, in all
 * but case: what is written in Go reads it as that one.
 */
bool json_has_variant(const cJSON *obj, const char *const *names);

/* The text of a string member, borrowed; NULL when absent or no string. */
const char *json_string(const cJSON *obj, const char *name);

/*
 * The integer value of an item that json_parse made: exact over the whole
 * range of the type, also beyond 2^53.  0, or -1 for what is no number, has a
 * fraction or an exponent that leaves one, or lies outside min and max.
 */
int json_int(const cJSON *item, int64_t min, int64_t max, int64_t *value);
int json_uint(const cJSON *item, uint64_t max, uint64_t *value);

/* Add an integer that is printed in digits whatever its size. */
void json_add_int(cJSON *obj, const char *name, int64_t value);
void json_add_uint(cJSON *obj, const char *name, uint64_t value);

/*
 * The document on one line, or indented; the caller frees it.  Numbers that
 * were parsed are printed to the digit as they were written.
 */
char *json_text(const cJSON *item);
char *json_pretty(const cJSON *item);

#endif
