/* SPDX-License-Identifier: ISC */
/* What is said of a word on the command line that is no option as it is. */
#include <stdbool.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/options.h"

/* The reason for an option of other programs; NULL: none is known. */
static const char *
elsewhere(const struct program *p, const char *name, size_t len, int letter)
{
	const struct option_elsewhere *e = p->elsewhere;

	for (; e && e->reason; e++) {
		if (letter && e->letter == letter)
			return e->reason;
		if (!letter && e->name && strlen(e->name) == len &&
		    !strncmp(e->name, name, len))
			return e->reason;
	}
	return NULL;
}

void
options_dashes(const struct option_line *all, const char *word)
{
	size_t len = strcspn(word, "=");

	for (; len > 2 && word[1] != '-' && all->name; all++)
		if (strlen(all->name) == len - 1 &&
		    !strncmp(all->name, word + 1, len - 1))
			die_usage("%s: --%s has two dashes", word, all->name);
}

/* A long option that is unknown, or short for more than one. */
static _Noreturn void
name_refuse(
    const struct program *p, const struct option_line *all, const char *word)
{
	size_t len = strcspn(word, "=");
	const char *reason = elsewhere(p, word + 2, len - 2, 0);
	struct buf found = {0};
	int n = 0;

	for (; len > 2 && all->name; all++)
		if (!strncmp(all->name, word + 2, len - 2))
			buf_addf(&found, "%s--%s", n++ ? ", " : "", all->name);
	if (n > 1)
		die_usage("%.*s: it could be %s", (int)len, word, found.data);
	die_usage("%.*s: no such option%s%s", (int)len, word,
	    reason ? "; " : "", reason ? reason : "");
}

/* One letter of several says where it stands: "-x in -xyz". */
static _Noreturn void
letter_refuse(const struct program *p, const char *word, int letter)
{
	const char *reason = elsewhere(p, NULL, 0, letter);
	const char *name = elsewhere(p, word + 1, strcspn(word + 1, "="), 0);
	bool alone = strlen(word) == 2;

	if (name)
		die_usage("%s: no such option; %s", word, name);
	die_usage("-%c%s%s: no such option%s%s", letter, alone ? "" : " in ",
	    alone ? "" : word, reason ? "; " : "", reason ? reason : "");
}

void
options_refuse(const struct program *p, const struct option_line *all,
    const struct option_line *o, const char *word, int letter, bool lacking)
{
	if (!o && letter)
		letter_refuse(p, word, letter);
	if (!o)
		name_refuse(p, all, word);
	if (lacking)
		die_usage("--%s: needs a value, %s", o->name, o->arg);
	die_usage("--%s: takes no value", o->name);
}
