/* SPDX-License-Identifier: ISC */
/* A program's table of options: each kind, each way to be wrong, --help. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/options.h"
#include "lib/version.h"
#include "t/tap.h"

struct options {
	bool quiet;
	enum { COLOUR_UNSAID, COLOUR_RED, COLOUR_GREEN } colour, shade;
	bool second, after;
	const char *file;
	int64_t jobs, offset;
	struct option_list names;
	int calls;
};

static const char *
count(void *at, char *value)
{
	++*(int *)at;
	return value && !strcmp(value, "bad") ? "must be good" : NULL;
}

static const char *
never(void *at, char *value)
{
	(void)at, (void)value;
	return "can't be now";
}

static const struct option_line lines[] = {
    {"quiet", 'q', NULL, "say nothing", OPTION_FLAG(quiet)},
    {"loud", 0, NULL, "say it", OPTION_SET(quiet, false)},
    {"green", 0, NULL, "as --colour", OPTION_SET(colour, COLOUR_GREEN)},
    {"colour", 'c', "red|green", "which", OPTION_WORD(colour, COLOUR_RED, 0)},
    {"shade", 0, "[red|green]", "which, or red",
	OPTION_WORD(shade, COLOUR_RED, COLOUR_RED)},
    {"order", 0, "first|second|third", "words of which only two fit a bool",
	OPTION_WORD(second, false, false)},
    {"after", 0, NULL, "beside a word's bool", OPTION_FLAG(after)},
    {"file", 'f', "FILE", "a file", OPTION_STRING(file)},
    {"file-name", 0, "PATH", "another", OPTION_STRING(file)},
    {"dir", 0, "DIR", "a directory", OPTION_STRING(file)},
    {"jobs", 'j', "N",
	"a help of so many words that it goes on below in lines as full as "
	"can be: a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4",
	OPTION_NUMBER(jobs, 1, 16)},
    {"offset", 0, "N", "a number", OPTION_NUMBER(offset, -5, INT64_MAX)},
    {"name", 'n', "NAME", "a name", OPTION_LIST(names)},
    {"once", 0, "WORD", "once", OPTION_STRING(file), .once = true},
    {"call", 0, "[X]", "counted", OPTION_CALL(calls, count)},
    {"never", 0, NULL, "not", OPTION_CALL(calls, never)},
    {"a-very-long-option-indeed", 0, "VALUE", "below", OPTION_STRING(file)},
    {0},
};

static const struct option_elsewhere elsewhere[] = {
    {"interactive", 'i', "use --quiet"},
    {"rm", 0, "it is over"},
    {0},
};

static const char *
library(void)
{
	return "lib/1";
}

static const char *
other(void)
{
	return "other/2";
}

static struct program program;
static struct options o;
static struct operands operands;
static char output[8192];
static int status;

/*
 * Split at spaces, as the shell would.  getopt begins anew when optind is 0,
 * glibc's and musl's.
 */
static void
parse(const char *command_line)
{
	static char copy[1024];
	char *argv[32], *at = copy;
	int argc = 0;

	snprintf(copy, sizeof copy, "test%s%s", *command_line ? " " : "",
	    command_line);
	while ((argv[argc] = strsep(&at, " ")))
		argc++;
	optind = 0;
	o = (struct options){.jobs = 3};
	options_read(&program, argc, argv, &o, &operands);
}

/* In a child: what it prints and its status. */
static void
run(const char *command_line)
{
	size_t len = 0;
	int ends[2];
	ssize_t n;
	pid_t pid;

	fflush(stdout);
	if (pipe(ends) < 0 || (pid = fork()) < 0)
		exit(1);
	if (!pid) {
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		parse(command_line);
		exit(99);
	}
	close(ends[1]);
	while ((n = read(ends[0], output + len, sizeof output - 1 - len)) > 0)
		len += (size_t)n;
	output[len] = '\0';
	close(ends[0]);
	waitpid(pid, &status, 0);
}

/* One text, and where there is help. */
static bool
lines_are(int n)
{
	for (const char *at = output; (at = strchr(at, '\n')); at++)
		n--;
	return n == 0;
}

static void
wrong(const char *command_line, const char *message)
{
	char name[256];

	snprintf(name, sizeof name, "wrong: %s", command_line);
	run(command_line);
	ok(WEXITSTATUS(status) == 2 && strstr(output, message) &&
		!strncmp(output, "test: ", 6) && lines_are(2) &&
		strstr(output, "\nTry 'test --help'.\n"),
	    name);
	if (!strstr(output, message))
		printf("# %s", output);
}

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
	program.first = program.command = false;
	wrong("", "missing: WHAT [MORE]");
	program.min = 0;
}

static void
errors(void)
{
	wrong("--frob", "--frob: no such option");
	wrong("--frob=1", "--frob: no such option");
	wrong("-x", "-x: no such option");
	wrong("-qx", "-x in -qx: no such option\n");
	wrong("x -qy", "-y in -qy: no such option\n");
	wrong("-qyx", "-y in -qyx: no such option\n");
	wrong("-yq", "-y in -yq: no such option\n");
	wrong("-q -x -q", ": -x: no such option\n");
	wrong("-iq x", ": -i in -iq: no such option; use --quiet\n");
	wrong("-i", ": -i: no such option; use --quiet\n");
	wrong("--interactive=x", ": --interactive: no such option; use --q");
	wrong("--interactiv", ": --interactiv: no such option\n");
	wrong("--rm", ": --rm: no such option; it is over\n");
	wrong("-xyz 1", ": -x in -xyz: no such option\n");
	wrong("-order first", ": -order: --order has two dashes\n");
	wrong("-jobs 2", ": -jobs: --jobs has two dashes\n");
	wrong("-file", ": -file: --file has two dashes\n");
	wrong("-jobs=2", ": -jobs=2: --jobs has two dashes\n");
	wrong("--=x", ": --: no such option\n");
	wrong("--fi", "--fi: it could be --file, --file-name\n");
	wrong("--fi=x", "--fi: it could be --file, --file-name\n");
	wrong("--jobs", "--jobs: needs a value, N");
	wrong("x -j", "--jobs: needs a value, N");
	wrong("-qj", "--jobs: needs a value, N");
	wrong("--quiet=x", "--quiet: takes no value");
	wrong("--qui=", "--quiet: takes no value");
	wrong("-j 0", "--jobs 0: must be a number from 1 to 16");
	wrong("--jobs=17", "--jobs 17: must be a number from 1 to 16");
	wrong("--jobs 1x", "--jobs 1x: must");
	wrong("--jobs +1", "--jobs +1: must");
	wrong("--jobs=", "--jobs '': must");
	wrong("--jobs=-", "--jobs -: must");
	wrong("--jobs 99999999999999999999", "--jobs 99999999999999999999: mu");
	wrong("--offset -6", "--offset -6: must be a number from -5 on");
	wrong("--offset 9223372036854775808", "must be a number from -5 on");
	wrong("--colour blue", "--colour blue: must be red or green\n");
	wrong("--colour redder", "--colour redder: must be red or green\n");
	wrong("--colour re", "--colour re: must be red or green\n");
	wrong("--colour=", "--colour '': must be red or green\n");
	wrong("--shade=x", "--shade=x: must be red or green\n");
	wrong("--order x", "must be first, second or third\n");
	wrong("--completion=fish", "--completion=fish: must be bash or zsh\n");
	wrong("--call=bad", "--call=bad: must be good");
	wrong("--never", "--never: can't be now");
	wrong("--once a --once b", "--once: given twice");
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
	program_invocation_short_name = (char *)"test";
	program = (struct program){.name = "test",
	    .operands = "WHAT [MORE]",
	    .about = "Nothing.",
	    .notes = "Notes\nin lines",
	    .options = lines,
	    .elsewhere = elsewhere,
	    .libraries = {library, other},
	    .max = 2};
	kinds();
	operands_told();
	errors();
	printing();
	return tap_end();
}
