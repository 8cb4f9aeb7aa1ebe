/* SPDX-License-Identifier: ISC */
/* Figures of a cgroup: the numbers in its files, exact, as JSON. */
#ifndef PS_STATS_FIGURE_H
#define PS_STATS_FIGURE_H

#include <stdbool.h>
#include <stdint.h>

struct cJSON;

/* The text of a file, owned; NULL: there is none, or it can't be read. */
char *figure_text(int dir, const char *file);

/*
 * The number in a file: UINT64_MAX for "max", 0 for one below 0, as runc has
 * them.  False, and 0, when there is no such file, or no number in it.
 */
bool figure_read(int dir, const char *file, uint64_t *value);

/* The same of a file of lines "KEY VALUE". */
bool figure_of_key(int dir, const char *file, const char *key, uint64_t *value);

/* Add the number in a file to the object; nothing when there is none. */
void figure_add(
    struct cJSON *obj, const char *member, int dir, const char *file);

/*
 * The next line "KEY VALUE" of what rest is at; a line that is none is passed
 * over.  False at the end.  The key is cut out of the text.
 */
bool figure_next(char **rest, char **key, uint64_t *value);

/* Append a number to an array. */
void figure_append(struct cJSON *array, uint64_t value);

/* A whole word as a number, likewise. */
bool figure_parse(const char *word, uint64_t *value);

#endif
