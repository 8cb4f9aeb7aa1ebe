/* SPDX-License-Identifier: ISC */
/*
 * A program with an option of each kind, which a test has read command lines:
 * program_begin, then parse, run or wrong.
 */
#ifndef T_OPTIONSTABLE_H
#define T_OPTIONSTABLE_H

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/options.h"
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

static inline const char *
count(void *at, char *value)
{
	++*(int *)at;
	return value && !strcmp(value, "bad") ? "must be good" : NULL;
}

static inline const char *
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
    {"text", 0, "TEXT", "any", OPTION_STRING(file), .empty = true},
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

static inline const char *
library(void)
{
	return "lib/1";
}

static inline const char *
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
static inline void
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
static inline void
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
static inline bool
lines_are(int n)
{
	for (const char *at = output; (at = strchr(at, '\n')); at++)
		n--;
	return n == 0;
}

static inline void
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

static inline void
program_begin(void)
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
}

#endif
