/* SPDX-License-Identifier: ISC */
/* The command line, as a program's table has it. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/mem.h"
#include "lib/options.h"

#define LONG 256 /* and an option's place in the table: what getopt returns */

enum { HELP, PRINT_VERSION, COMPLETION_BASH, COMPLETION_ZSH };

static const struct option_line common[] = {
    {"help", 'h', NULL, "print this", OPTION_IS_COMMON, .min = HELP},
    {"version", 'V', NULL, "print the version", OPTION_IS_COMMON,
	.min = PRINT_VERSION},
    {"completion", 0, "[bash|zsh]", "print a completion function (bash)",
	OPTION_IS_COMMON, .size = sizeof(int), .min = COMPLETION_BASH,
	.max = COMPLETION_BASH},
    {0},
};

/* A program's options and the common ones, and getopt's names of them. */
struct table {
	const struct program *program;
	struct option_line *all;
	struct option *longs;
	struct buf shorts;
	bool *seen;
	size_t n;
};

static void
table_add(struct table *t, const struct option_line *o)
{
	int takes = !o->arg          ? no_argument
		    : *o->arg == '[' ? optional_argument
				     : required_argument;

	t->all[t->n] = *o;
	t->longs[t->n] =
	    (struct option){o->name, takes, NULL, LONG + (int)t->n};
	t->n++;
	if (o->letter)
		buf_addf(&t->shorts, "%c%.*s", o->letter, takes, "::");
}

/*
 * The '-' has operands come one by one, so that those before -- and what is
 * behind it are told apart.  The ':' leaves the messages to us.
 */
static void
table_make(struct table *t, const struct program *p)
{
	const struct option_line *o;
	size_t n = sizeof common / sizeof *common;

	for (o = p->options; o->name; o++)
		n++;
	*t = (struct table){.program = p,
	    .all = xcalloc(n, sizeof *t->all),
	    .longs = xcalloc(n, sizeof *t->longs),
	    .seen = xcalloc(n, sizeof *t->seen)};
	buf_adds(&t->shorts, p->first ? "+:" : "-:");
	for (o = p->options; o->name; o++)
		table_add(t, o);
	for (o = common; o->name; o++)
		table_add(t, o);
}

static size_t
table_find(const struct table *t, int code)
{
	size_t i = 0;

	if (code >= LONG)
		return (size_t)(code - LONG);
	while (i < t->n && t->all[i].letter != code)
		i++;
	return i;
}

static const char *
number_take(const struct option_line *o, int64_t *n, const char *value)
{
	char *end;

	errno = 0;
	*n = strtoll(value, &end, 10);
	if (!*end && (*value == '-' || (*value >= '0' && *value <= '9')) &&
	    end > value && !errno && *n >= o->min && *n <= o->max)
		return NULL;
	if (o->max == INT64_MAX)
		return xasprintf(
		    "must be a number from %lld on", (long long)o->min);
	return xasprintf("must be a number from %lld to %lld",
	    (long long)o->min, (long long)o->max);
}

const char *
options_word(const char **at, size_t *len)
{
	const char *word = *at + strspn(*at, "[|]");

	*len = strcspn(word, "|]");
	*at = word + *len;
	return *len ? word : NULL;
}

static void
set(const struct option_line *o, void *at, int64_t n)
{
	if (o->size == sizeof(bool))
		*(bool *)at = n;
	else
		*(int *)at = (int)n;
}

static const char *
word_take(const struct option_line *o, void *at, const char *value)
{
	const char *rest = o->arg, *word;
	struct buf why = {0};
	int64_t place = o->min;
	size_t len;

	if (!value) {
		set(o, at, o->max);
		return NULL;
	}
	for (; (word = options_word(&rest, &len)); place++) {
		if (strlen(value) == len && !strncmp(word, value, len)) {
			set(o, at, place);
			return NULL;
		}
		buf_addf(&why, "%s%.*s",
		    place == o->min     ? "must be "
		    : strchr(rest, '|') ? ", "
					: " or ",
		    (int)len, word);
	}
	return buf_take(&why);
}

void
options_list_add(struct option_list *list, const char *value)
{
	list->all = xreallocarray(list->all, list->n + 1, sizeof *list->all);
	list->all[list->n++] = value;
}

static _Noreturn void
common_do(const struct table *t, int which)
{
	if (which == HELP)
		options_help(t->program, t->all);
	else if (which == COMPLETION_BASH)
		options_completion_bash(t->program, t->all);
	else if (which == COMPLETION_ZSH)
		options_completion_zsh(t->program, t->all);
	else
		options_version(t->program);
	stdout_close();
	exit(0);
}

/* --help and its like have no place in the program's options. */
static const char *
common_take(const struct table *t, const struct option_line *o)
{
	int which = (int)o->min;
	const char *why = o->arg ? word_take(o, &which, optarg) : NULL;

	if (why)
		return why;
	common_do(t, which);
}

static const char *
value_take(const struct table *t, const struct option_line *o, void *at)
{
	if ((o->kind == OPTION_IS_STRING || o->kind == OPTION_IS_LIST) &&
	    !*optarg && !o->empty)
		return "must not be empty";
	switch (o->kind) {
	case OPTION_IS_SET:
		set(o, at, o->min);
		return NULL;
	case OPTION_IS_STRING:
		*(const char **)at = optarg;
		return NULL;
	case OPTION_IS_NUMBER:
		return number_take(o, at, optarg);
	case OPTION_IS_WORD:
		return word_take(o, at, optarg);
	case OPTION_IS_LIST:
		options_list_add(at, optarg);
		return NULL;
	case OPTION_IS_CALL:
		return o->call(at, optarg);
	default:
		return common_take(t, o);
	}
}

static void
option_take(struct table *t, size_t i, void *options)
{
	const struct option_line *o = &t->all[i];
	const char *why;

	if (o->once && t->seen[i])
		die_usage("--%s: given twice", o->name);
	t->seen[i] = true;
	why = value_take(t, o, (char *)options + o->at);
	if (why && !optarg)
		die_usage("--%s: %s", o->name, why);
	if (why)
		die_usage("--%s%c%s: %s", o->name, *o->arg == '[' ? '=' : ' ',
		    *optarg ? optarg : "''", why);
}

/* getopt returned '?' or ':' when it was at this word. */
static _Noreturn void
option_refuse(const struct table *t, int c, const char *word)
{
	size_t i = optopt ? table_find(t, optopt) : t->n;

	options_refuse(t->program, t->all, i == t->n ? NULL : &t->all[i], word,
	    optopt, c == ':');
}

static void
operand_add(const struct program *p, struct operands *o, char *word)
{
	if (o->n == p->max)
		die_usage(p->command ? "%s: a command comes after --"
				     : "%s: one operand too many",
		    word);
	/* Of others' words, which those behind the first are, nothing. */
	if (!*word && !(p->first && o->n))
		die_usage("an operand is empty: %s", p->operands);
	o->all[o->n++] = word;
}

void
options_read(const struct program *p, int argc, char **argv, void *options,
    struct operands *operands)
{
	size_t most = p->max == SIZE_MAX ? (size_t)argc : p->max;
	struct table t;
	int c, at;

	table_make(&t, p);
	*operands = (struct operands){.all = xcalloc(most + 1, sizeof(char *))};
	opterr = 0;
	/* Between two letters of one word optind stays where that word is. */
	while (at = optind ? optind : 1,
	    (c = getopt_long(argc, argv, t.shorts.data, t.longs, NULL)) != -1) {
		if (c == 1) {
			operand_add(p, operands, optarg);
			continue;
		}
		options_dashes(t.all, argv[at]);
		if (c == '?' || c == ':')
			option_refuse(&t, c, argv[at]);
		option_take(&t, table_find(&t, c), options);
	}
	while (argv[optind] && (!p->command || operands->n < p->min))
		operand_add(p, operands, argv[optind++]);
	if (operands->n < p->min)
		die_usage("an operand is missing: %s", p->operands);
	if (argv[optind])
		operands->command = argv + optind;
	free(t.all);
	free(t.longs);
	free(t.seen);
	buf_free(&t.shorts);
}
