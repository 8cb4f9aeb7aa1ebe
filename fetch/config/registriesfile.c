/* SPDX-License-Identifier: ISC */
/* One registries.conf. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/config/registries.h"
#include "fetch/config/toml.h"
#include "fetch/image/reference.h"
#include "lib/die.h"
#include "lib/mem.h"

static _Noreturn void
wrong(const char *file, const cJSON *at, const char *why)
{
	die("%s:%u: %s", file, toml_line(at), why);
}

/*
 * The member of that name, which is found by programs written in Go in lower
 * and upper case; NULL: there is none.
 */
static const cJSON *
member(const char *file, const cJSON *table, const char *name)
{
	const cJSON *item, *found = NULL;

	cJSON_ArrayForEach(item, table)
	{
		if (strcasecmp(item->string, name) != 0)
			continue;
		if (found)
			wrong(file, item, "a key that is there already");
		found = item;
	}
	return found;
}

/* NULL: it isn't said. */
static const char *
string(const char *file, const cJSON *table, const char *name)
{
	const cJSON *item = member(file, table, name);

	if (item && !cJSON_IsString(item))
		wrong(file, item, xasprintf("%s is not a string", name));
	return item && *item->valuestring ? item->valuestring : NULL;
}

static bool
boolean(const char *file, const cJSON *table, const char *name)
{
	const cJSON *item = member(file, table, name);

	if (item && !cJSON_IsBool(item))
		wrong(file, item,
		    xasprintf("%s is neither true nor false", name));
	return cJSON_IsTrue(item);
}

/*
 * A location or prefix as references have it, whose host is the same in upper
 * and lower case and by Docker Hub's other names: owned.
 */
static char *
spelt(const char *text, size_t n)
{
	char *place = xstrndup(text, n), *hub;
	size_t host = strcspn(place, "/");

	for (size_t i = 0; i < host; i++)
		place[i] = (char)tolower((unsigned char)place[i]);
	if (!reference_is_hub(place, host))
		return place;
	hub = xasprintf("docker.io%s", place + host);
	free(place);
	return hub;
}

/* A location or prefix without the slashes at its end; owned, or NULL. */
static char *
place(const char *file, const cJSON *table, const char *name)
{
	const char *text = string(file, table, name);
	size_t n = text ? strlen(text) : 0;

	if (text && strstr(text, "://"))
		wrong(file, member(file, table, name),
		    xasprintf(
			"%s is a URL; name the host without the scheme", name));
	while (n && text[n - 1] == '/')
		n--;
	return n ? spelt(text, n) : NULL;
}

/* A list of tables; NULL: there is none. */
static const cJSON *
tables(const char *file, const cJSON *table, const char *name)
{
	const cJSON *list = member(file, table, name), *item;

	if (list && !cJSON_IsArray(list))
		wrong(file, list, xasprintf("%s is no list of tables", name));
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsObject(item))
			wrong(file, item,
			    xasprintf("%s is no list of tables", name));
	}
	return list;
}

static void
mirror_add(struct rule *r, const cJSON *table, bool digests)
{
	const char *use = string(r->file, table, "pull-from-mirror");
	struct source s = {
	    .location = place(r->file, table, "location"),
	    .insecure = boolean(r->file, table, "insecure"),
	    .use = digests ? SOURCE_DIGESTS : SOURCE_ALL,
	};

	if (!s.location)
		wrong(r->file, table, "a mirror without a location");
	if (member(r->file, table, "blocked") ||
	    member(r->file, table, "prefix"))
		wrong(r->file, table,
		    "blocked and prefix are for a registry, not its mirror");
	if (use && digests)
		wrong(r->file, table,
		    "pull-from-mirror beside mirror-by-digest-only");
	if (use && strcmp(use, "digest-only") == 0)
		s.use = SOURCE_DIGESTS;
	else if (use && strcmp(use, "tag-only") == 0)
		s.use = SOURCE_TAGS;
	else if (use && strcmp(use, "all") != 0)
		wrong(r->file, table,
		    "pull-from-mirror is none of all, digest-only, tag-only");
	r->mirrors =
	    xreallocarray(r->mirrors, r->nmirrors + 1, sizeof *r->mirrors);
	r->mirrors[r->nmirrors++] = s;
}

/* Which names a registry is for: by its prefix, or by where it is. */
static void
prefix_set(struct rule *r, const cJSON *table)
{
	const char *file = r->file;

	if (!r->prefix && !r->location)
		wrong(file, table, "a registry without prefix and location");
	if (r->prefix && !r->location && strncmp(r->prefix, "*.", 2) != 0)
		wrong(file, table,
		    "a registry without a location, though its prefix doesn't "
		    "begin with *.");
	if (!r->prefix)
		r->prefix = xstrdup(r->location);
	if (!reference_prefix_valid(r->prefix))
		wrong(file, table,
		    xasprintf("no name begins with %s; a prefix is "
			      "HOST[:PORT][/NAME] or *.DOMAIN",
			r->prefix));
}

static struct rule
rule_read(const char *file, const cJSON *table)
{
	bool digests = boolean(file, table, "mirror-by-digest-only");
	struct rule r = {
	    .prefix = place(file, table, "prefix"),
	    .location = place(file, table, "location"),
	    .insecure = boolean(file, table, "insecure"),
	    .blocked = boolean(file, table, "blocked"),
	    .file = xstrdup(file),
	};
	const cJSON *item;

	prefix_set(&r, table);
	if (member(file, table, "pull-from-mirror"))
		wrong(file, table, "pull-from-mirror isn't for a registry");
	cJSON_ArrayForEach(item, tables(file, table, "mirror"))
	{
		mirror_add(&r, item, digests);
	}
	return r;
}

/* Of several entries of a location one may not take back another's word. */
static void
conflicts_check(const struct registries *c, size_t from, const struct rule *r,
    const cJSON *table)
{
	for (size_t i = from; r->location && i < c->nrules; i++) {
		const struct rule *o = &c->rules[i];

		if (o->location && strcmp(o->location, r->location) == 0 &&
		    (o->insecure != r->insecure || o->blocked != r->blocked))
			wrong(r->file, table,
			    "another entry of this location has insecure or "
			    "blocked otherwise");
	}
}

/* Those of a later file take the place of those of the same prefix. */
static void
rules_add(struct registries *c, const char *file, const cJSON *root)
{
	const cJSON *item, *list = tables(file, root, "registry");
	size_t before = c->nrules, kept = 0;

	c->rules = xreallocarray(c->rules,
	    before + (size_t)cJSON_GetArraySize(list) + 1, sizeof *c->rules);
	cJSON_ArrayForEach(item, list)
	{
		struct rule r = rule_read(file, item);

		conflicts_check(c, before, &r, item);
		c->rules[c->nrules++] = r;
	}
	for (size_t i = 0; i < c->nrules; i++) {
		size_t j = before;

		while (i < before && j < c->nrules &&
		       strcmp(c->rules[i].prefix, c->rules[j].prefix) != 0)
			j++;
		if (i >= before || j == c->nrules)
			c->rules[kept++] = c->rules[i];
		else
			rule_free(&c->rules[i]);
	}
	c->nrules = kept;
}

static void
searched_set(struct registries *c, const char *file, const cJSON *list)
{
	const cJSON *item;

	if (!list)
		return;
	if (!cJSON_IsArray(list))
		wrong(file, list, "unqualified-search-registries is no list");
	c->searched =
	    xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *c->searched);
	c->nsearched = 0;
	free(c->searched_file);
	c->searched_file = xstrdup(file);
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item) || strstr(item->valuestring, "://"))
			wrong(file, item,
			    "unqualified-search-registries is no list of "
			    "hosts");
		c->searched[c->nsearched++] = xstrdup(item->valuestring);
	}
}

static void
aliases_add(struct registries *c, const char *file, const cJSON *table)
{
	const cJSON *item;

	if (table && !cJSON_IsObject(table))
		wrong(file, table, "aliases is no table");
	c->aliases = xreallocarray(c->aliases,
	    c->naliases + (size_t)cJSON_GetArraySize(table) + 1,
	    sizeof *c->aliases);
	cJSON_ArrayForEach(item, table)
	{
		if (!cJSON_IsString(item))
			wrong(file, item, "an alias that is not a string");
		c->aliases[c->naliases++] =
		    (struct alias){xstrdup(item->string),
			xstrdup(item->valuestring), xstrdup(file)};
	}
}

void
registries_add(
    struct registries *c, const char *file, const char *text, size_t n)
{
	unsigned line;
	const char *why;
	cJSON *root = toml_parse(text, n, &line, &why);
	const cJSON *old;

	if (!root)
		die("%s:%u: %s", file, line, why);
	old = member(file, root, "registries");
	if (old)
		wrong(file, old,
		    "[registries] is of version 1 of this file, which isn't "
		    "read any more; write [[registry]]");
	rules_add(c, file, root);
	searched_set(
	    c, file, member(file, root, "unqualified-search-registries"));
	aliases_add(c, file, member(file, root, "aliases"));
	cJSON_Delete(root);
}
