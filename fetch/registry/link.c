/* SPDX-License-Identifier: ISC */
/*
 * Links in an answer's header: <TARGET>; NAME=VALUE; ..., <TARGET>; ...
 *
 * Commas and semicolons stand in targets and in quotes too, and a link may
 * have any number of relations: rel="first next".
 */
#include "fetch/registry/link.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/mem.h"

#define BLANK " \t"

/* A word, or what is in quotes; *at moves behind it.  Owned. */
static char *
value_take(const char **at)
{
	struct buf b = {0};
	const char *s = *at;

	if (*s != '"') {
		*at += strcspn(s, BLANK ",;=\"\n");
		return xstrndup(s, (size_t)(*at - s));
	}
	for (s++; *s && *s != '"' && *s != '\n'; s++) {
		if (*s == '\\' && s[1] && s[1] != '\n')
			s++;
		buf_addc(&b, *s);
	}
	*at = *s == '"' ? s + 1 : s;
	return buf_take(&b);
}

static bool
has_word(const char *list, const char *word)
{
	size_t n;

	for (list += strspn(list, BLANK); *list; list += strspn(list, BLANK)) {
		n = strcspn(list, BLANK);
		if (n == strlen(word) && strncasecmp(list, word, n) == 0)
			return true;
		list += n;
	}
	return false;
}

/* The parameters of one link: is it next?  The first rel counts. */
static bool
parameters_pass(const char **at)
{
	bool next = false, seen = false, other = false;
	char *name, *value;

	for (*at += strspn(*at, BLANK); **at == ';';
	     *at += strspn(*at, BLANK)) {
		++*at;
		*at += strspn(*at, BLANK);
		name = value_take(at);
		*at += strspn(*at, BLANK);
		if (**at == '=') {
			++*at;
			*at += strspn(*at, BLANK);
			value = value_take(at);
			if (!seen && strcasecmp(name, "rel") == 0) {
				seen = true;
				next = has_word(value, "next");
			}
			/* A link of something else than this page. */
			if (strcasecmp(name, "anchor") == 0)
				other = true;
			free(value);
		}
		free(name);
	}
	return next && !other;
}

char *
link_next(const char *lines)
{
	const char *at = lines, *target, *end;

	while ((target = strchr(at, '<'))) {
		end = strpbrk(++target, ">\n");
		if (!end)
			return NULL;
		at = end;
		if (*end == '\n')
			continue;
		at++;
		if (parameters_pass(&at))
			return xstrndup(target, (size_t)(end - target));
		/* Of what isn't understood, on to the next link. */
		at += strcspn(at, ",\n");
	}
	return NULL;
}
