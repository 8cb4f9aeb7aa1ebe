/* SPDX-License-Identifier: ISC */
/* Rules of a registries.conf. */
#include "fetch/config/rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/config/registries.h"
#include "fetch/config/value.h"
#include "fetch/image/host.h"
#include "fetch/image/reference.h"
#include "lib/mem.h"

static const char *const rule_names[] = {"prefix", "location", "insecure",
    "blocked", "mirror", "mirror-by-digest-only", "pull-from-mirror", NULL};
static const char *const mirror_names[] = {
    "location", "insecure", "pull-from-mirror", "blocked", "prefix", NULL};

/*
 * A location or prefix as references have it, whose host is the same in upper
 * and lower case: owned.
 */
static char *
spelt(const char *text, size_t n)
{
	size_t end = strcspn(text, "/");
	char *host, *normal, *place;

	end = end < n ? end : n;
	host = xstrndup(text, end);
	for (char *s = host; *s; s++)
		*s = (char)tolower((unsigned char)*s);
	normal = host_normal(host);
	place = xasprintf("%s%.*s", normal, (int)(n - end), text + end);
	free(host);
	free(normal);
	return place;
}

/* A location or prefix without the slashes at its end; owned, or NULL. */
static char *
place(const char *file, const cJSON *table, const char *name)
{
	const char *text = value_string(file, table, name);
	size_t n = text ? strlen(text) : 0;

	if (text && strstr(text, "://"))
		value_wrong(file, value_member(file, table, name),
		    xasprintf(
			"%s is a URL; name the host without the scheme", name));
	while (n && text[n - 1] == '/')
		n--;
	return n ? spelt(text, n) : NULL;
}

static void
mirror_add(struct rule *r, const cJSON *table, bool digests)
{
	const char *use = value_string(r->file, table, "pull-from-mirror");
	struct source s = {
	    .location = place(r->file, table, "location"),
	    .insecure = value_boolean(r->file, table, "insecure"),
	    .use = digests ? SOURCE_DIGESTS : SOURCE_ALL,
	};

	value_check_names(r->file, table, mirror_names, "a mirror");
	if (!s.location)
		value_wrong(r->file, table, "a mirror without a location");
	if (value_member(r->file, table, "blocked") ||
	    value_member(r->file, table, "prefix"))
		value_wrong(r->file, table,
		    "blocked and prefix are for a registry, not its mirror");
	if (use && digests)
		value_wrong(r->file, table,
		    "pull-from-mirror beside mirror-by-digest-only");
	if (use && strcmp(use, "digest-only") == 0)
		s.use = SOURCE_DIGESTS;
	else if (use && strcmp(use, "tag-only") == 0)
		s.use = SOURCE_TAGS;
	else if (use && strcmp(use, "all") != 0)
		value_wrong(r->file, table,
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
		value_wrong(
		    file, table, "a registry without prefix and location");
	if (r->prefix && !r->location && strncmp(r->prefix, "*.", 2) != 0)
		value_wrong(file, table,
		    "a registry without a location, though its prefix doesn't "
		    "begin with *.");
	if (!r->prefix)
		r->prefix = xstrdup(r->location);
	if (!reference_prefix_valid(r->prefix))
		value_wrong(file, table,
		    xasprintf("no name begins with %s; a prefix is "
			      "HOST[:PORT][/NAME] or *.DOMAIN",
			r->prefix));
}

static struct rule
rule_read(const char *file, const cJSON *table)
{
	bool digests = value_boolean(file, table, "mirror-by-digest-only");
	struct rule r = {
	    .prefix = place(file, table, "prefix"),
	    .location = place(file, table, "location"),
	    .insecure = value_boolean(file, table, "insecure"),
	    .blocked = value_boolean(file, table, "blocked"),
	    .file = xstrdup(file),
	};
	const cJSON *item;

	value_check_names(file, table, rule_names, "a registry");
	prefix_set(&r, table);
	if (value_member(file, table, "pull-from-mirror"))
		value_wrong(
		    file, table, "pull-from-mirror isn't for a registry");
	cJSON_ArrayForEach(item, value_tables(file, table, "mirror"))
	{
		mirror_add(&r, item, digests);
	}
	return r;
}

/* Where a rule's names are; of a domain that has no place, they as such. */
static const char *
where(const struct rule *r)
{
	return r->location ? r->location : r->prefix;
}

/* Of several entries of a place one may not take back another's word. */
static void
conflicts_check(const struct registries *c, size_t from, const struct rule *r,
    const cJSON *table)
{
	for (size_t i = from; i < c->nrules; i++) {
		const struct rule *o = &c->rules[i];

		if (strcmp(where(o), where(r)) == 0 &&
		    (o->insecure != r->insecure || o->blocked != r->blocked))
			value_wrong(r->file, table,
			    "another entry of this place has insecure or "
			    "blocked otherwise");
	}
}

/* Those of a later file take the place of those of the same prefix. */
void
rules_add(struct registries *c, const char *file, const cJSON *root)
{
	const cJSON *item, *list = value_tables(file, root, "registry");
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
