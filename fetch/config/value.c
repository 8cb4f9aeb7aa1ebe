/* SPDX-License-Identifier: ISC */
/* Values of configuration files. */
#include "fetch/config/value.h"

#include <strings.h>

#include "fetch/config/toml.h"
#include "lib/die.h"
#include "lib/mem.h"

void
value_wrong(const char *file, const cJSON *at, const char *why)
{
	die("%s:%u: %s", file, toml_line(at), why);
}

const cJSON *
value_member(const char *file, const cJSON *table, const char *name)
{
	const cJSON *item, *found = NULL;

	/* What a list holds has no names. */
	if (!cJSON_IsObject(table))
		return NULL;
	cJSON_ArrayForEach(item, table)
	{
		if (strcasecmp(item->string, name) != 0)
			continue;
		if (found)
			value_wrong(file, item, "a key that is there already");
		found = item;
	}
	return found;
}

const char *
value_string(const char *file, const cJSON *table, const char *name)
{
	const cJSON *item = value_member(file, table, name);

	if (item && !cJSON_IsString(item))
		value_wrong(file, item, xasprintf("%s is not a string", name));
	return item && *item->valuestring ? item->valuestring : NULL;
}

bool
value_boolean(const char *file, const cJSON *table, const char *name)
{
	const cJSON *item = value_member(file, table, name);

	if (item && !cJSON_IsBool(item))
		value_wrong(file, item,
		    xasprintf("%s is neither true nor false", name));
	return cJSON_IsTrue(item);
}

static const cJSON *
list_of(const char *file, const cJSON *table, const char *name,
    cJSON_bool (*is)(const cJSON *item), const char *what)
{
	const cJSON *list = value_member(file, table, name), *item;

	if (list && !cJSON_IsArray(list))
		value_wrong(
		    file, list, xasprintf("%s is no list of %s", name, what));
	cJSON_ArrayForEach(item, list)
	{
		if (!is(item))
			value_wrong(file, item,
			    xasprintf("%s is no list of %s", name, what));
	}
	return list;
}

const cJSON *
value_tables(const char *file, const cJSON *table, const char *name)
{
	return list_of(file, table, name, cJSON_IsObject, "tables");
}

const cJSON *
value_strings(const char *file, const cJSON *table, const char *name)
{
	return list_of(file, table, name, cJSON_IsString, "strings");
}

void
value_check_names(const char *file, const cJSON *table,
    const char *const names[], const char *what)
{
	const char *const *name;
	const cJSON *item;

	cJSON_ArrayForEach(item, table)
	{
		name = names;
		while (*name && strcasecmp(*name, item->string) != 0)
			name++;
		if (!*name)
			warn("%s:%u: passed over: %s is not known%s%s", file,
			    toml_line(item), item->string, *what ? " of " : "",
			    what);
	}
}
