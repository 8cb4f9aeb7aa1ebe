/* SPDX-License-Identifier: ISC */
/* What a program's table is made into: --help, --version, bash's completion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/options.h"
#include "lib/version.h"

#define WIDTH 80
#define COLUMN                                                                 \
	28 /* what leaves no room for its help before has its own line         \
	    */

/* Words in lines, from column on, where the first line is already. */
static void
fill(const char *text, size_t column)
{
	size_t at = column, len;

	for (; *text; text += len + !!text[len]) {
		len = strcspn(text, " \n");
		if (at > column && at + 1 + len > WIDTH) {
			printf("\n%*s", (int)column, "");
			at = column;
		}
		at += (size_t)printf(
		    "%s%.*s", at > column ? " " : "", (int)len, text);
		if (text[len] == '\n')
			at = WIDTH;
	}
	putchar('\n');
}

/* "  -f, --format table|json" */
static char *
option_text(const struct option_line *o)
{
	char letter[] = "  -x, ";
	const char *arg = o->arg ? o->arg : "";
	bool optional = *arg == '[';

	letter[3] = o->letter;
	return xasprintf("%s--%s%s%s", o->letter ? letter : "      ", o->name,
	    optional ? "[="
	    : *arg   ? " "
		     : "",
	    arg + optional);
}

static size_t
help_column(const struct option_line *o)
{
	size_t column = 0, len;
	char *text;

	for (; o->name; o++) {
		text = option_text(o);
		len = strlen(text) + 2;
		if (len <= COLUMN && len > column)
			column = len;
		free(text);
	}
	return column;
}

void
options_help(const struct program *p, const struct option_line *all)
{
	size_t column = help_column(all), len;
	char *text;

	printf("Usage: %s [OPTION...] %s\n", p->name, p->operands);
	fill(p->about, 0);
	putchar('\n');
	for (const struct option_line *o = all; o->name; o++) {
		text = option_text(o);
		len = strlen(text) + 2;
		printf("%s%*s", text,
		    (int)(len > column ? 0 : column - len + 2), "");
		if (len > column)
			printf("\n%*s", (int)column, "");
		fill(o->help, column);
		free(text);
	}
	if (p->notes) {
		putchar('\n');
		fill(p->notes, 0);
	}
}

/* On the second line, since that is what differs between two machines. */
void
options_version(const struct program *p)
{
	printf("%s %s\n", p->name, version);
	for (size_t i = 0; i < OPTIONS_LIBRARIES && p->libraries[i]; i++)
		printf("%s%s", i ? " " : "", p->libraries[i]());
	if (p->libraries[0])
		putchar('\n');
}

/* What may stand behind an option; what isn't known is left alone. */
static void
option_complete(const struct option_line *o)
{
	const char *at = o->arg, *word;
	size_t len;

	if (*o->arg != '[') {
		if (o->letter)
			printf("\t-%c | ", o->letter);
		printf("%s--%s | ", o->letter ? "" : "\t", o->name);
	}
	printf("%s--%s=)", *o->arg == '[' ? "\t" : "", o->name);
	if (o->kind == OPTION_IS_WORD) {
		printf(" words='");
		while ((word = options_word(&at, &len)))
			printf(" %.*s", (int)len, word);
		putchar('\'');
	} else if (strstr(o->arg, "FILE") || strstr(o->arg, "PATH"))
		printf(" kind=-f");
	else if (strstr(o->arg, "DIR"))
		printf(" kind=-d");
	printf(" ;;\n");
}

/*
 * Readline parts words at '=', too, so "--format=ta" comes as three of them.
 * Behind -- there are no options.
 */
static const char completion[] =
    "\tlocal word=${COMP_WORDS[COMP_CWORD]} kind words\n"
    "\tlocal before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "\tif [[ $word == = ]]; then\n"
    "\t\tbefore+== word=\n"
    "\telif [[ $before == = ]]; then\n"
    "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}=\n"
    "\tfi\n"
    "\tcase \" ${COMP_WORDS[*]:0:COMP_CWORD} \" in\n"
    "\t*' -- '*) before=-- ;;\n"
    "\tesac\n";

void
options_completion(const struct program *p, const struct option_line *all)
{
	const struct option_line *o;

	printf("# bash completion of %s: %s --completion\n", p->name, p->name);
	printf("_%s()\n{\n%s\tcase $before in\n", p->name, completion);
	printf("\t--) kind=-f ;;\n");
	for (o = all; o->name; o++)
		if (o->arg)
			option_complete(o);
	printf("\t*)\n\t\tkind=-f\n\t\tcase $word in\n\t\t-*) words='");
	for (o = all; o->name; o++)
		printf(" --%s", o->name);
	printf("' ;;\n\t\tesac\n\t\t;;\n\tesac\n"
	       "\tif [[ $words ]]; then\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
	       "\"$word\")\n"
	       "\telse\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen $kind -- \"$word\")\n"
	       "\tfi\n}\n"
	       "complete -o filenames -F _%s %s\n",
	    p->name, p->name);
}
