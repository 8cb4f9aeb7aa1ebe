/* SPDX-License-Identifier: ISC */
/* A program's table of options: each kind, operands, --help. */
#include <string.h>

#include "lib/version.h"
#include "t/optionstable.h"
#include "t/tap.h"

static void
kinds(void)
{
	parse("");
	ok(o.jobs == 3 && !o.quiet && !o.file, "nothing: the defaults");
	parse("-q");
	ok(o.quiet, "a flag");
	parse("--quiet --loud");
	ok(!o.quiet, "a flag that sets false");
	parse("--green");
	ok(o.colour == COLOUR_GREEN, "a flag that sets an enum");
	parse("-c red");
	ok(o.colour == COLOUR_RED, "the first word");
	parse("--colour=green");
	ok(o.colour == COLOUR_GREEN, "the second");
	parse("--shade");
	ok(o.shade == COLOUR_RED, "no word");
	parse("--shade=green x");
	ok(o.shade == COLOUR_GREEN && operands.n == 1, "one behind a =");
	parse("--after --order second");
	ok(o.second && o.after, "a word for a bool, and nothing beside it");
	parse("-f a -fb --file=c --file d");
	ok(!strcmp(o.file, "d"), "a string, and the last counts");
	parse("--jobs 16");
	ok(o.jobs == 16, "a number, the largest");
	parse("-j1");
	ok(o.jobs == 1, "the least");
	parse("--offset -5");
	ok(o.offset == -5, "a negative one");
	parse("--offset=9223372036854775807");
	ok(o.offset == INT64_MAX, "a large one");
	parse("--text=");
	ok(o.file && !*o.file, "one that may be empty");
	parse("-n a x --name b -nc");
	ok(o.names.n == 3 && !strcmp(o.names.all[0], "a") &&
		!strcmp(o.names.all[2], "c"),
	    "a list, in order");
	parse("--call --call=x");
	ok(o.calls == 2, "a function");
	parse("--once=x --of 2");
	ok(o.offset == 2 && !strcmp(o.file, "x"), "a name cut short");
	parse("-qj2 x");
	ok(o.quiet && o.jobs == 2, "letters in one word");
}

static void
operands_told(void)
{
	parse("x --quiet");
	ok(operands.n == 1 && !operands.command && o.quiet,
	    "an option behind an operand");
	parse("-- -q");
	ok(operands.n == 1 && !strcmp(operands.all[0], "-q") && !o.quiet,
	    "an operand behind --");
	parse("- x");
	ok(operands.n == 2 && !strcmp(operands.all[0], "-"), "a -");
	wrong("a b c", "c: one operand too many");
	wrong("a ", "an operand is empty: WHAT [MORE]\n");
	program.command = true;
	parse("a -q -- -j");
	ok(operands.n == 1 && operands.command && o.quiet &&
		!strcmp(operands.command[0], "-j") && !operands.command[1],
	    "a command behind --");
	parse("-- x y");
	ok(operands.n == 0 && !strcmp(operands.command[1], "y"),
	    "nothing but a command");
	parse("a --");
	ok(operands.n == 1 && !operands.command, "-- and no command");
	wrong("a b c", "c: a command comes after --");
	program.min = 1;
	parse("-- x y");
	ok(operands.n == 1 && !strcmp(operands.command[0], "y"),
	    "what must be there comes before the command");
	program.first = true;
	parse("-q x -c --jobs");
	ok(o.quiet && operands.n == 1 && !strcmp(operands.command[0], "-c") &&
		!strcmp(operands.command[1], "--jobs"),
	    "options of a command behind operands aren't ours");
	wrong(" x", "an operand is empty: WHAT [MORE]\n");
	parse("x  y");
	ok(operands.command && !*operands.command[0],
	    "nor are empty words of a command");
	program.first = program.command = false;
	wrong("", "missing: WHAT [MORE]");
	program.min = 0;
}

static void
printing(void)
{
	char *line, text[256];
	size_t widest = 0;

	run("--version");
	snprintf(text, sizeof text, "test %s\nlib/1 other/2\n", version);
	ok(status == 0 && !strcmp(output, text), "-V");
	run("-q --comp");
	ok(status == 0 && strstr(output, "complete -o filenames -F _test test"),
	    "--completion");
	run("--completion=zsh");
	ok(status == 0 && strstr(output, "#compdef test\n") == output,
	    "--completion=zsh");
	run("-h");
	ok(status == 0 && !strncmp(output, "Usage: test [OPTION...] WHAT", 28),
	    "--help begins with the usage");
	ok(strstr(output, "\n  -c, --colour red|green") &&
		strstr(output, "\n      --shade[=red|green]  which, or red"),
	    "has what options take");
	ok(strstr(output, "--quiet") < strstr(output, "--jobs") &&
		strstr(output, "--jobs") < strstr(output, "--version"),
	    "in the table's order");
	ok(strstr(output, "--a-very-long-option-indeed VALUE\n") != NULL,
	    "what is long has a line of its own");
	ok(strstr(output, "\nNotes\nin lines\n") != NULL, "notes at the end");
	for (line = strtok(output, "\n"); line; line = strtok(NULL, "\n"))
		if (strlen(line) > widest)
			widest = strlen(line);
	ok(widest <= 80 && widest >= 79, "in 80 columns");
}

int
main(void)
{
	program_begin();
	kinds();
	operands_told();
	printing();
	return tap_end();
}
