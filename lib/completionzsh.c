/* SPDX-License-Identifier: ISC */
/* A program's table of options as a completion function of zsh. */
#include <stdio.h>
#include <string.h>

#include "lib/options.h"

/*
 * A part of a specification that _arguments takes (zshcompsys(1)), inside of
 * '': ':' ends it, ']' ends a description.
 */
static void
part_print(const char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (strchr(":[]\\", *text))
			printf("\\%c", *text);
		else
			putchar(*text == '\n' ? ' ' : *text);
}

/* ":what:action", "::" where the value may be left out. */
static void
value_print(const struct option_line *o)
{
	const char *at = o->arg, *word;
	size_t len;

	printf(*o->arg == '[' ? "::" : ":");
	part_print(o->arg);
	putchar(':');
	if (strstr(o->arg, "FILE") || strstr(o->arg, "PATH"))
		printf("_files");
	else if (strstr(o->arg, "DIR"))
		printf("_files -/");
	else if (o->kind == OPTION_IS_WORD || o->kind == OPTION_IS_COMMON) {
		putchar('(');
		while ((word = options_word(&at, &len)))
			printf(" %.*s", (int)len, word);
		putchar(')');
	} else
		putchar(' ');
}

/*
 * One form of an option.  A value is behind a letter or in the next word, one
 * that may be left out never in the next; a '*' lets it come again.
 */
static void
form_print(const struct option_line *o, const char *form)
{
	bool is_long = form[1] == '-';

	printf("\t\t'");
	if (o->kind == OPTION_IS_COMMON)
		printf("(- *)");
	else if (o->once && o->letter)
		printf("(-%c --%s)", o->letter, o->name);
	else if (!o->once)
		putchar('*');
	printf("%s", form);
	if (o->arg && is_long)
		printf(*o->arg == '[' ? "=-" : "=");
	else if (o->arg)
		putchar(*o->arg == '[' ? '-' : '+');
	putchar('[');
	part_print(o->help);
	putchar(']');
	if (o->arg)
		value_print(o);
	printf("' \\\n");
}

/*
 * -S: behind -- there are no options.  At its end the file calls the function
 * where zsh has loaded it for that, and is also right when it is sourced.
 */
void
options_completion_zsh(const struct program *p, const struct option_line *all)
{
	char form[64];

	printf("#compdef %s\n", p->name);
	printf(
	    "# zsh completion of %s: %s --completion=zsh\n", p->name, p->name);
	printf("_%s()\n{\n\t_arguments -s -S%s \\\n", p->name,
	    p->first ? " -A '-*'" : "");
	for (; all->name; all++) {
		snprintf(form, sizeof form, "-%c", all->letter);
		if (all->letter)
			form_print(all, form);
		snprintf(form, sizeof form, "--%s", all->name);
		form_print(all, form);
	}
	printf("\t\t'*: :_files'\n}\n"
	       "if [[ ${funcstack[1]} == _%s ]]; then\n"
	       "\t_%s \"$@\"\nelse\n\tcompdef _%s %s\nfi\n",
	    p->name, p->name, p->name, p->name);
}
