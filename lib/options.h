/* SPDX-License-Identifier: ISC */
/*
 * A program's command line as one table: of it are made what getopt_long(3)
 * is told, --help, and the completion of bash and zsh.
 */
#ifndef LIB_OPTIONS_H
#define LIB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An option; the OPTION_ macros below are its last fields. */
struct option_line {
	const char *name; /* NULL: the table's end */
	char letter;      /* 0: none */
	/*
	 * What it takes, as --help has it, NULL for nothing: "N", "yes|no",
	 * "[MODE]" where it may be left out.  The completion gives files for
	 * FILE and PATH, directories for DIR.
	 */
	const char *arg;
	const char *help;
	enum option_kind {
		OPTION_IS_SET,
		OPTION_IS_STRING,
		OPTION_IS_NUMBER,
		OPTION_IS_WORD,
		OPTION_IS_LIST,
		OPTION_IS_CALL,
		OPTION_IS_COMMON,
	} kind;
	size_t at, size;  /* of the value in the program's struct options */
	int64_t min, max; /* a number's bounds; the value set, alone or not */
	const char *(*call)(void *at, char *value);
	bool once;  /* to give it twice is an error; else the last counts */
	bool empty; /* an empty text is a value, too */
};

/*
 * Where the value goes: a field of the file's own struct options.  A bool or
 * an enum becomes n; a word of arg, "A|B|C", becomes its place plus first,
 * and bare where the option came without one.
 */
#define OPTION_SET(field, n) OPTION_AT(IS_SET, field), .min = n
#define OPTION_FLAG(field) OPTION_SET(field, true)
#define OPTION_WORD(field, first, bare)                                        \
	OPTION_AT(IS_WORD, field), .min = first, .max = bare
#define OPTION_STRING(field) OPTION_TYPED(IS_STRING, field, const char *)
#define OPTION_LIST(field) OPTION_TYPED(IS_LIST, field, struct option_list)
#define OPTION_NUMBER(field, least, most)                                      \
	OPTION_TYPED(IS_NUMBER, field, int64_t), .min = least, .max = most
/*
 * function gets the field's address and the value, which stays and may be
 * written to; it returns NULL, or what is wrong with it: "must be ...".
 */
#define OPTION_CALL(field, function) OPTION_AT(IS_CALL, field), .call = function

#define OPTION_AT(is, field)                                                   \
	.kind = OPTION_##is, .at = offsetof(struct options, field),            \
	.size = sizeof(((struct options *)0)->field)
#define OPTION_TYPED(is, field, type)                                          \
	.kind = OPTION_##is, .at = _Generic(((struct options *)0)->field, type \
					    : offsetof(struct options, field))

struct option_list {
	const char **all;
	size_t n;
};

/* The text is borrowed. */
void options_list_add(struct option_list *list, const char *text);

/* What is an option elsewhere, docker run say: what to do here instead. */
struct option_elsewhere {
	const char *name; /* NULL: none */
	char letter;      /* 0: none */
	const char *reason;
};

#define OPTIONS_LIBRARIES 8

struct program {
	const char *name, *operands; /* as the synopsis has them */
	const char *about, *notes;   /* before and behind the options; NULL */
	const struct option_line *options;
	const struct option_elsewhere *elsewhere; /* to one of {0}; NULL */
	/* "cJSON/1.7.15", of each library that it runs with; to a NULL. */
	const char *(*libraries[OPTIONS_LIBRARIES])(void);
	size_t min, max; /* how many operands; SIZE_MAX: any number */
	bool command;    /* what is behind --, and those, is a command */
	bool first;      /* options end where operands begin */
};

struct operands {
	char **all; /* program.min to .max of them */
	size_t n;
	char **command; /* NULL: none was given */
};

/*
 * Read the command line into a struct options, which has the defaults.  Does
 * what --help, --version and --completion say; dies of wrong usage.
 */
void options_read(const struct program *program, int argc, char **argv,
    void *options, struct operands *operands);

/*
 * Die of a word that getopt didn't take: as no option (o is NULL), letter 0
 * when it is a long one; or as one that lacks its value, or can't have one.
 */
_Noreturn void options_refuse(const struct program *program,
    const struct option_line *all, const struct option_line *o,
    const char *word, int letter, bool lacking);

/*
 * Die of an option's long name behind a single dash: "-memory" would be -m with
 * the value "emory", and is hardly meant so.
 */
void options_dashes(const struct option_line *all, const char *word);

/* Print --version, --help, a completion, of a program and all its options. */
void options_version(const struct program *program);
void options_help(const struct program *program, const struct option_line *all);
void options_completion_bash(
    const struct program *program, const struct option_line *all);
void options_completion_zsh(
    const struct program *program, const struct option_line *all);

/* The next of the words in "A|B" or "[A|B]" and its length; NULL: no more. */
const char *options_word(const char **at, size_t *len);

#endif
