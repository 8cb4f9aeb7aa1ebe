/* SPDX-License-Identifier: ISC */
/* What a program says of itself: --help, --version. */
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
