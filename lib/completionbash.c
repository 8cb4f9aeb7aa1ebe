/* SPDX-License-Identifier: ISC */
/* A program's table of options as a completion function of bash. */
#include <stdio.h>
#include <string.h>

#include "lib/options.h"

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
	if (o->kind == OPTION_IS_WORD || o->kind == OPTION_IS_COMMON) {
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
options_completion_bash(const struct program *p, const struct option_line *all)
{
	const struct option_line *o;

	printf("# bash completion of %s: %s --completion=bash\n", p->name,
	    p->name);
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
