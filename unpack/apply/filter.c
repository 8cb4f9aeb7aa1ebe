/* SPDX-License-Identifier: ISC */
/* Which paths are wanted, by patterns. */
#include "unpack/apply/filter.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/options.h"

#define COMPONENTS_MAX 63

struct pattern {
	char *components[COMPONENTS_MAX]; /* NULL: any number of them */
	size_t n;
};

static void
pattern_parse(struct pattern *p, const char *option, const char *text)
{
	const char *rest = text;

	for (rest += strspn(rest, "/"); *rest; rest += strspn(rest, "/")) {
		size_t n = strcspn(rest, "/");
		char *one = xstrndup(rest, n);

		if (!strcmp(one, ".") || !strcmp(one, ".."))
			die_usage("--%s=%s: a path has no component %s", option,
			    text, one);
		if (p->n == COMPONENTS_MAX)
			die_usage("--%s=%s: more than %d components", option,
			    text, COMPONENTS_MAX);
		p->components[p->n++] = strcmp(one, "**") ? one : NULL;
		rest += n;
	}
	if (!p->n)
		die_usage("--%s: a pattern is needed", option);
}

static struct pattern *
patterns_parse(const struct option_list *list, const char *option)
{
	struct pattern *all = xcalloc(list->n + 1, sizeof *all);

	for (size_t i = 0; i < list->n; i++)
		pattern_parse(&all[i], option, list->all[i]);
	return all;
}

void
filter_init(struct filter *f, const struct option_list *include,
    const struct option_list *exclude)
{
	*f = (struct filter){.include = patterns_parse(include, "include"),
	    .nincluded = include->n,
	    .exclude = patterns_parse(exclude, "exclude"),
	    .nexcluded = exclude->n};
}

bool
filter_any(const struct filter *f)
{
	return f->nincluded || f->nexcluded;
}

/* A bit for each number of components that may be matched by now. */
static uint64_t
and_none(const struct pattern *p, uint64_t matched)
{
	for (size_t i = 0; i < p->n; i++)
		if (matched >> i & 1 && !p->components[i])
			matched |= UINT64_C(2) << i;
	return matched;
}

static uint64_t
and_one(const struct pattern *p, uint64_t matched, const char *component)
{
	uint64_t next = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (!(matched >> i & 1))
			continue;
		if (!p->components[i])
			next |= UINT64_C(1) << i;
		else if (!fnmatch(p->components[i], component, 0))
			next |= UINT64_C(2) << i;
	}
	return and_none(p, next);
}

/* Time is that of the path's length and the pattern's. */
static enum filter_verdict
match(const struct pattern *p, const char *path)
{
	uint64_t matched = and_none(p, 1), all = UINT64_C(1) << p->n;
	char component[NAME_MAX + 1];

	while (*path && matched && !(matched & all)) {
		size_t n = strcspn(path, "/");

		if (n > NAME_MAX)
			return FILTER_OUT;
		memcpy(component, path, n);
		component[n] = 0;
		matched = and_one(p, matched, component);
		path += n + strspn(path + n, "/");
	}
	return matched & all ? FILTER_IN : matched ? FILTER_ABOVE : FILTER_OUT;
}

enum filter_verdict
filter_ask(const struct filter *f, const char *path)
{
	enum filter_verdict best = f->nincluded ? FILTER_OUT : FILTER_IN, v;

	for (size_t i = 0; i < f->nexcluded; i++)
		if (match(&f->exclude[i], path) == FILTER_IN)
			return FILTER_OUT;
	for (size_t i = 0; i < f->nincluded; i++) {
		v = match(&f->include[i], path);
		if (v > best)
			best = v;
	}
	return best;
}
