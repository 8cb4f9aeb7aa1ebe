/* SPDX-License-Identifier: ISC */
/*
 * TOML 1.0 (toml.io), as far as configuration files of containers have it:
 * tables, arrays of tables, dotted and quoted keys, strings of one line,
 * booleans, whole decimal numbers, arrays, inline tables, comments.  Whatever
 * else is in a file is an error and not guessed at.  Of numbers, which none of
 * these files has a use for, the value is 0.
 */
#ifndef FETCH_CONFIG_TOML_H
#define FETCH_CONFIG_TOML_H

#include <stddef.h>

#include <cjson/cJSON.h>

#define TOML_MAX (1 << 20) /* bytes of a file */
#define TOML_DEPTH_MAX 16  /* of values in values, and parts of a key */
#define TOML_KEYS_MAX 20000

/*
 * The n bytes as a tree: a table is an object, an array an array.  NULL: *line
 * is the number of the line that is wrong, *why what is wrong with it.  The
 * tree is the caller's.
 */
cJSON *toml_parse(const char *text, size_t n, unsigned *line, const char **why);

/* The line that a value of such a tree begins in. */
unsigned toml_line(const cJSON *value);

#endif
