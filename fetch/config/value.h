/* SPDX-License-Identifier: ISC */
/*
 * What a table of a configuration file says.  Whatever is of the wrong kind
 * ends the program with the file and the line.
 */
#ifndef FETCH_CONFIG_VALUE_H
#define FETCH_CONFIG_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

/* Die of what is wrong at a value: "FILE:LINE: WHY". */
_Noreturn void value_wrong(const char *file, const cJSON *at, const char *why);

/*
 * The member of that name, which is found by programs written in Go in lower
 * and upper case; NULL: there is none, or no table that has any.
 */
const cJSON *value_member(
    const char *file, const cJSON *table, const char *name);

/* NULL, or false: it isn't said. */
const char *value_string(
    const char *file, const cJSON *table, const char *name);
bool value_boolean(const char *file, const cJSON *table, const char *name);

/* A list of tables, or of strings; NULL: there is none. */
const cJSON *value_tables(
    const char *file, const cJSON *table, const char *name);
const cJSON *value_strings(
    const char *file, const cJSON *table, const char *name);

/*
 * Warn of each member that is none of the names, which end with NULL: a word
 * that was misspelt forbids nothing.  what is the table, for the message.
 */
void value_check_names(const char *file, const cJSON *table,
    const char *const names[], const char *what);

#endif
