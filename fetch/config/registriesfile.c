/* SPDX-License-Identifier: ISC */
/* One registries.conf. */
#include <stdlib.h>
#include <string.h>

#include "fetch/config/registries.h"
#include "fetch/config/rules.h"
#include "fetch/config/toml.h"
#include "fetch/config/value.h"
#include "fetch/image/reference.h"
#include "lib/die.h"
#include "lib/mem.h"

static const char *const names[] = {"registry", "unqualified-search-registries",
    "short-name-mode", "aliases", "credential-helpers", "registries",
    "additional-layer-store-auth-helper", NULL};

/* A host without the slashes at its end; owned. */
static char *
host_read(const char *file, const cJSON *item)
{
	char *host = xstrdup(item->valuestring);
	size_t n = strlen(host);

	while (n && host[n - 1] == '/')
		host[--n] = '\0';
	if (strpbrk(host, "/*") || !reference_prefix_valid(host))
		value_wrong(file, item,
		    xasprintf("unqualified-search-registries is no list of "
			      "hosts: \"%s\" isn't HOST[:PORT]",
			item->valuestring));
	return host;
}

/* Take a list in place of that of a file before; NULL: none is said. */
static void
words_set(struct words *w, const char *file, const cJSON *list,
    char *(*read)(const char *file, const cJSON *item))
{
	const cJSON *item;

	if (!list)
		return;
	words_free(w);
	w->all = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *w->all);
	w->file = xstrdup(file);
	cJSON_ArrayForEach(item, list)
	{
		w->all[w->n++] = read(file, item);
	}
}

/* A tag or digest is what the name is followed by, which an alias isn't. */
static bool
has_more(const char *name)
{
	const char *slash = strrchr(name, '/');

	return strpbrk(slash ? slash : name, ":@");
}

static char *
text_of(const char *file, const cJSON *item)
{
	(void)file;
	return xstrdup(item->valuestring);
}

static bool
is_name(const char *text, bool hostless)
{
	struct reference ref;
	const char *why;
	bool is;

	if (has_more(text) || reference_parse(text, &ref, &why) < 0)
		return false;
	is = ref.hostless == hostless;
	reference_free(&ref);
	return is;
}

static void
aliases_add(struct registries *c, const char *file, const cJSON *root)
{
	const cJSON *item, *table = value_member(file, root, "aliases");

	if (table && !cJSON_IsObject(table))
		value_wrong(file, table, "aliases is no table");
	c->aliases = xreallocarray(c->aliases,
	    c->naliases + (size_t)cJSON_GetArraySize(table) + 1,
	    sizeof *c->aliases);
	cJSON_ArrayForEach(item, table)
	{
		if (!cJSON_IsString(item))
			value_wrong(
			    file, item, "an alias that is not a string");
		if (!is_name(item->string, true))
			value_wrong(file, item,
			    xasprintf("no alias: %s isn't a name without "
				      "host, tag and digest",
				item->string));
		if (*item->valuestring && !is_name(item->valuestring, false))
			value_wrong(file, item,
			    xasprintf("no alias: %s isn't HOST/NAME without "
				      "tag and digest",
				item->valuestring));
		c->aliases[c->naliases++] =
		    (struct alias){xstrdup(item->string),
			xstrdup(item->valuestring), xstrdup(file)};
	}
}

/* How an engine asks its user about names without a host; here nobody does. */
static void
mode_check(const char *file, const cJSON *root)
{
	const char *mode = value_string(file, root, "short-name-mode");

	if (mode && strcmp(mode, "enforcing") != 0 &&
	    strcmp(mode, "permissive") != 0 && strcmp(mode, "disabled") != 0)
		value_wrong(file, value_member(file, root, "short-name-mode"),
		    "short-name-mode is none of enforcing, permissive, "
		    "disabled");
}

static bool
is_empty(const char *file, const cJSON *table)
{
	const cJSON *list = value_member(file, table, "registries");

	return !table || (cJSON_IsObject(table) &&
			     (!list || (cJSON_IsArray(list) && !list->child)));
}

/* Of version 1, some machines keep the headers with nothing in the lists. */
static void
old_check(const char *file, const cJSON *root)
{
	static const char *const kinds[] = {"search", "insecure", "block"};
	const cJSON *old = value_member(file, root, "registries");
	bool empty = !old || cJSON_IsObject(old);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		empty =
		    empty && is_empty(file, value_member(file, old, kinds[i]));
	if (!empty)
		value_wrong(file, old,
		    "[registries] is of version 1 of this file, which isn't "
		    "read any more; write [[registry]]");
}

void
registries_add(
    struct registries *c, const char *file, const char *text, size_t n)
{
	unsigned line;
	const char *why;
	cJSON *root = toml_parse(text, n, &line, &why);

	if (!root)
		die("%s:%u: %s", file, line, why);
	value_check_names(file, root, names, "");
	old_check(file, root);
	mode_check(file, root);
	rules_add(c, file, root);
	words_set(&c->searched, file,
	    value_strings(file, root, "unqualified-search-registries"),
	    host_read);
	words_set(&c->helpers, file,
	    value_strings(file, root, "credential-helpers"), text_of);
	aliases_add(c, file, root);
	cJSON_Delete(root);
}
