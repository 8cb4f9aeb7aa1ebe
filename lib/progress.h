/* SPDX-License-Identifier: ISC */
/*
 * How far a long task is, on standard error: one line on a terminal that shows
 * it in place and goes when the task is done, something else is said, or a
 * signal ends the program (lib/progressline.h); lines of a log; or JSON, an
 * object a line, for programs.  Nothing of it is from outside.  It takes no
 * thread, and what isn't shown costs the look at one field.
 */
#ifndef LIB_PROGRESS_H
#define LIB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum progress_mode {
	PROGRESS_AUTO, /* on a terminal */
	PROGRESS_NEVER,
	PROGRESS_ALWAYS, /* as lines of a log where there is no terminal */
	PROGRESS_JSON,
};

/* Lines of a program's table for a field of its struct options. */
#define PROGRESS_OPTIONS(field)                                                \
	{"quiet", 'q', NULL, "no progress, even on a terminal",                \
	    OPTION_SET(field, PROGRESS_NEVER)},                                \
	{                                                                      \
		"progress", 0, "[auto|never|always|json]",                     \
		    "on standard error: auto, if it is a terminal; always "    \
		    "(also without a word); json, for programs",               \
		    OPTION_WORD(field, PROGRESS_AUTO, PROGRESS_ALWAYS)         \
	}

/* The word of --progress for a program that is run; NULL: it needs none. */
const char *progress_word(enum progress_mode mode);

/* What is done by now; of what isn't known there is 0. */
struct progress_state {
	int64_t bytes, total; /* read or received */
	size_t part, parts;   /* the one that it is at, from 1, and all */
};

struct progress {
	bool shown;
	bool terminal, json;
	const char *part;    /* what a part is, borrowed: "layer" */
	int64_t began, last; /* milliseconds */
	int64_t last_bytes;  /* at that time */
	double rate;         /* bytes in a millisecond, of late */
};

/*
 * The mode for a program that reads a stream from fd: where that is a pipe, it
 * is who writes to it that shows itself on the terminal of both, so
 * PROGRESS_AUTO becomes PROGRESS_NEVER.
 */
enum progress_mode progress_reading(enum progress_mode mode, int fd);

/* Begin.  The state at first goes to a program at once. */
void progress_begin(struct progress *p, enum progress_mode mode,
    const char *part, const struct progress_state *s);

/*
 * To be called often: it shows the state five times a second at most, in a log
 * once.  In the background of a terminal it shows nothing.
 */
void progress_show(struct progress *p, const struct progress_state *s);

/* The line goes, for something else is to be written to the terminal. */
void progress_hide(const struct progress *p);

/* All is done, and nothing can fail any more: a program is told. */
void progress_end(struct progress *p, const struct progress_state *s);

#endif
