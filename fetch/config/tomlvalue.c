/* SPDX-License-Identifier: ISC */
/* Values of TOML, and what a key and its value make. */
#include <stdlib.h>
#include <string.h>

#include "fetch/config/tomlparse.h"
#include "lib/die.h"

/* cJSON has no use for the numbers of what is none. */
cJSON *
toml_new(const struct toml *t, cJSON *item, enum toml_kind kind)
{
	if (!item)
		die("out of memory");
	item->valueint = (int)t->line;
	if (!cJSON_IsNumber(item))
		item->valuedouble = kind;
	return item;
}

enum toml_kind
toml_kind_of(const cJSON *item)
{
	return (enum toml_kind)item->valuedouble;
}

unsigned
toml_line(const cJSON *value)
{
	return (unsigned)value->valueint;
}

static bool
word(struct toml *t, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(t->end - t->at) < n || memcmp(t->at, text, n) != 0)
		return false;
	t->at += n;
	return true;
}

/* What is neither quoted nor bracketed. */
static cJSON *
bare(struct toml *t)
{
	const char *begin;

	if (word(t, "true"))
		return toml_new(t, cJSON_CreateTrue(), TOML_CLOSED);
	if (word(t, "false"))
		return toml_new(t, cJSON_CreateFalse(), TOML_CLOSED);
	if (!toml_take(t, '-'))
		toml_take(t, '+');
	begin = t->at;
	while (t->at < t->end && ((*t->at >= '0' && *t->at <= '9') ||
				     (*t->at == '_' && t->at > begin)))
		t->at++;
	if (t->at > begin)
		return toml_new(t, cJSON_CreateNumber(0), TOML_CLOSED);
	toml_wrong(t, "a value that isn't known");
	return NULL;
}

static cJSON *
array(struct toml *t, int depth)
{
	cJSON *all = toml_new(t, cJSON_CreateArray(), TOML_CLOSED), *item;

	toml_lines(t);
	while (!t->why && !toml_take(t, ']')) {
		item = toml_value(t, depth + 1);
		if (item)
			cJSON_AddItemToArray(all, item);
		toml_lines(t);
		if (!toml_take(t, ',') && (t->at == t->end || *t->at != ']'))
			toml_wrong(t, "an array without an end");
		toml_lines(t);
	}
	return all;
}

static cJSON *
table(struct toml *t, int depth)
{
	cJSON *all = toml_new(t, cJSON_CreateObject(), TOML_CLOSED);

	toml_blank(t);
	if (toml_take(t, '}'))
		return all;
	do {
		toml_blank(t);
		if (!toml_pair(t, all, depth + 1))
			return all;
		toml_blank(t);
	} while (toml_take(t, ','));
	if (!toml_take(t, '}'))
		toml_wrong(t, "an inline table without an end in its line");
	return all;
}

cJSON *
toml_value(struct toml *t, int depth)
{
	cJSON *value = NULL;
	char *text;

	if (depth > TOML_DEPTH_MAX) {
		toml_wrong(t, "values in values too deeply");
		return NULL;
	}
	if (t->at < t->end && (*t->at == '"' || *t->at == '\'')) {
		text = toml_string(t);
		if (text)
			value =
			    toml_new(t, cJSON_CreateString(text), TOML_CLOSED);
		free(text);
		return value;
	}
	if (toml_take(t, '['))
		value = array(t, depth);
	else if (toml_take(t, '{'))
		value = table(t, depth);
	else
		value = bare(t);
	if (!t->why)
		return value;
	cJSON_Delete(value);
	return NULL;
}

/* The table that a key with dots leads to from here; NULL: none may be. */
static cJSON *
descend(struct toml *t, cJSON *here, const struct toml_key *key)
{
	cJSON *next;

	for (size_t i = 0; i + 1 < key->n; i++) {
		next = cJSON_GetObjectItemCaseSensitive(here, key->parts[i]);
		if (!next) {
			next = toml_new(t, cJSON_CreateObject(), TOML_DOTTED);
			cJSON_AddItemToObject(here, key->parts[i], next);
		}
		if (!cJSON_IsObject(next) ||
		    toml_kind_of(next) != TOML_DOTTED) {
			toml_wrong(t, "a key into what is made otherwise");
			return NULL;
		}
		here = next;
	}
	return here;
}

/* KEY = VALUE into a table. */
bool
toml_pair(struct toml *t, cJSON *into, int depth)
{
	struct toml_key key;
	cJSON *here = NULL, *value = NULL;

	if (toml_key(t, &key))
		here = descend(t, into, &key);
	if (here &&
	    cJSON_GetObjectItemCaseSensitive(here, key.parts[key.n - 1]))
		toml_wrong(t, "a key that is there already");
	else if (here && !toml_take(t, '='))
		toml_wrong(t, "a key without = and a value");
	toml_blank(t);
	if (here && !t->why)
		value = toml_value(t, depth);
	if (value)
		cJSON_AddItemToObject(here, key.parts[key.n - 1], value);
	toml_key_free(&key);
	return value != NULL;
}
