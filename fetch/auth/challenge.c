/* SPDX-License-Identifier: ISC */
/*
 * WWW-Authenticate.  One header may hold several challenges, and the comma
 * between two of them is the one between two parameters: a word that no '='
 * follows begins the next.
 */
#include "fetch/auth/challenge.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/mem.h"

#define BLANK " \t"

static char *
word_take(const char **at)
{
	size_t n = strcspn(*at, BLANK ",=\"\n");
	char *word;

	if (n == 0)
		return NULL;
	word = xstrndup(*at, n);
	*at += n;
	return word;
}

/* A value in quotes, with '\' before what stands for itself, or a word. */
static char *
value_take(const char **at)
{
	struct buf b = {0};
	const char *s = *at;
	char *value;

	if (*s != '"') {
		value = word_take(at);
		return value ? value : xstrdup("");
	}
	for (s++; *s && *s != '"' && *s != '\n'; s++) {
		if (*s == '\\' && s[1] && s[1] != '\n')
			s++;
		buf_addc(&b, *s);
	}
	*at = *s == '"' ? s + 1 : s;
	return buf_take(&b);
}

/* The first one counts, so that nothing behind it can redirect a token. */
static void
parameter_set(struct challenge *c, const char *name, char *value)
{
	char **place = strcasecmp(name, "realm") == 0     ? &c->realm
		       : strcasecmp(name, "service") == 0 ? &c->service
		       : strcasecmp(name, "scope") == 0   ? &c->scope
							  : NULL;

	if (place && !*place)
		*place = value;
	else
		free(value);
}

static bool
scheme_begin(struct challenge *c, const char *word)
{
	if (strcasecmp(word, "Basic") == 0)
		c->basic = true;
	if (strcasecmp(word, "Bearer") != 0 || c->bearer)
		return false;
	c->bearer = true;
	return true;
}

void
challenge_parse(const char *lines, struct challenge *c)
{
	bool ours = false; /* in the first Bearer challenge */
	const char *at = lines;
	char *word, *value;

	*c = (struct challenge){0};
	for (;;) {
		at += strspn(at, BLANK ",=\"\n");
		word = word_take(&at);
		if (!word)
			return;
		at += strspn(at, BLANK);
		if (*at == '=') {
			at++;
			at += strspn(at, BLANK);
			value = value_take(&at);
			if (ours)
				parameter_set(c, word, value);
			else
				free(value);
		} else {
			ours = scheme_begin(c, word);
		}
		free(word);
	}
}

bool
challenge_is_known(const char *lines)
{
	struct challenge c;
	bool known;

	challenge_parse(lines, &c);
	known = c.basic || c.bearer;
	challenge_free(&c);
	return known;
}

void
challenge_free(struct challenge *c)
{
	free(c->realm);
	free(c->service);
	free(c->scope);
	*c = (struct challenge){0};
}
