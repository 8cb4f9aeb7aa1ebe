/* SPDX-License-Identifier: ISC */
/* Lines and headers of TOML. */
#include "fetch/config/toml.h"

#include <string.h>

#include "fetch/config/tomlparse.h"
#include "lib/mem.h"

bool
toml_wrong(struct toml *t, const char *why)
{
	if (!t->why) {
		t->why = why;
		t->wrong = t->line;
	}
	return false;
}

bool
toml_take(struct toml *t, char c)
{
	if (t->at == t->end || *t->at != c)
		return false;
	t->at++;
	return true;
}

void
toml_blank(struct toml *t)
{
	while (t->at < t->end && (*t->at == ' ' || *t->at == '\t'))
		t->at++;
}

/* Over a comment, if there is one, to the end of its line. */
static void
comment(struct toml *t)
{
	if (t->at == t->end || *t->at != '#')
		return;
	while (t->at < t->end && *t->at != '\n')
		t->at++;
}

static bool
line_end(struct toml *t)
{
	if (t->end - t->at >= 2 && t->at[0] == '\r' && t->at[1] == '\n')
		t->at++;
	if (!toml_take(t, '\n'))
		return false;
	t->line++;
	return true;
}

void
toml_lines(struct toml *t)
{
	do {
		toml_blank(t);
		comment(t);
	} while (line_end(t));
}

/* Of a list of tables the last; NULL: it is none that can have members. */
static cJSON *
enter(cJSON *item)
{
	if (cJSON_IsArray(item) && toml_kind_of(item) == TOML_HEADED)
		return item->child->prev;
	return cJSON_IsObject(item) && toml_kind_of(item) != TOML_CLOSED ? item
									 : NULL;
}

/* The table before a header's last part. */
static cJSON *
lead(struct toml *t, cJSON *root, const struct toml_key *key)
{
	cJSON *here = root, *next;

	for (size_t i = 0; here && i + 1 < key->n; i++) {
		next = cJSON_GetObjectItemCaseSensitive(here, key->parts[i]);
		if (!next) {
			next = toml_new(t, cJSON_CreateObject(), TOML_OPEN);
			cJSON_AddItemToObject(here, key->parts[i], next);
		}
		here = enter(next);
	}
	if (!here)
		toml_wrong(t, "a header into what is no table");
	return here;
}

/* [name]: the table that it stands for. */
static cJSON *
table_head(struct toml *t, cJSON *here, const char *name)
{
	cJSON *table = cJSON_GetObjectItemCaseSensitive(here, name);

	if (!table) {
		table = toml_new(t, cJSON_CreateObject(), TOML_HEADED);
		cJSON_AddItemToObject(here, name, table);
		return table;
	}
	if (!cJSON_IsObject(table) || toml_kind_of(table) != TOML_OPEN) {
		toml_wrong(t, "a table that is there already");
		return NULL;
	}
	return toml_new(t, table, TOML_HEADED);
}

/* [[name]]: one more table of the list. */
static cJSON *
list_head(struct toml *t, cJSON *here, const char *name)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(here, name), *table;

	if (!list) {
		list = toml_new(t, cJSON_CreateArray(), TOML_HEADED);
		cJSON_AddItemToObject(here, name, list);
	}
	if (!cJSON_IsArray(list) || toml_kind_of(list) != TOML_HEADED) {
		toml_wrong(
		    t, "a list of tables that is something else already");
		return NULL;
	}
	table = toml_new(t, cJSON_CreateObject(), TOML_HEADED);
	cJSON_AddItemToArray(list, table);
	return table;
}

/* Behind '[': the table that the next lines are of. */
static cJSON *
head(struct toml *t, cJSON *root)
{
	bool list = toml_take(t, '[');
	struct toml_key key;
	cJSON *here = NULL;

	if (toml_key(t, &key))
		here = lead(t, root, &key);
	if (here && list)
		here = list_head(t, here, key.parts[key.n - 1]);
	else if (here)
		here = table_head(t, here, key.parts[key.n - 1]);
	if (!toml_take(t, ']') || (list && !toml_take(t, ']')))
		toml_wrong(t, "a header without its end");
	toml_key_free(&key);
	return here;
}

/* Bytes that no TOML has, whatever the place. */
static void
bytes_check(struct toml *t)
{
	unsigned line = 1;

	if (t->end - t->at > TOML_MAX)
		toml_wrong(t, "more than 1 MiB");
	for (const char *s = t->at; s < t->end && !t->why; s++) {
		t->line = line;
		line += *s == '\n';
		if (((unsigned char)*s < ' ' && *s != '\t' && *s != '\n' &&
			*s != '\r') ||
		    *s == 127)
			toml_wrong(t, "a control character");
		/* A comment would hide the lines of who ends them so. */
		if (*s == '\r' && (s + 1 == t->end || s[1] != '\n'))
			toml_wrong(t, "CR without LF");
	}
	t->line = 1;
}

cJSON *
toml_parse(const char *text, size_t n, unsigned *line, const char **why)
{
	struct toml t = {.at = text, .end = text + n, .line = 1};
	cJSON *root = toml_new(&t, cJSON_CreateObject(), TOML_HEADED);
	cJSON *here = root;

	bytes_check(&t);
	while (!t.why) {
		toml_lines(&t);
		if (t.at == t.end)
			break;
		if (toml_take(&t, '['))
			here = head(&t, root);
		else
			toml_pair(&t, here, 0);
		toml_blank(&t);
		comment(&t);
		if (t.at < t.end && !line_end(&t))
			toml_wrong(&t, "more in a line than belongs there");
	}
	*line = t.wrong;
	*why = t.why;
	if (!t.why)
		return root;
	cJSON_Delete(root);
	return NULL;
}
