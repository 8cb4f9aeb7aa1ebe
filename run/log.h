/* SPDX-License-Identifier: ISC */
/*
 * What every program of a container's life is told in the same way: where the
 * states are, and where messages go besides standard error, for the engines
 * that call them (runc's --root, --log and --log-format).
 */
#ifndef RUN_LOG_H
#define RUN_LOG_H

#include "lib/options.h"

struct global {
	const char *root, *log; /* NULL: not said */
	enum { LOG_TEXT, LOG_JSON } log_format;
};

/* Its lines in a table, and where struct options has it. */
#define GLOBAL_OPTIONS(global)                                                 \
	{"root", 0, "DIR", "where states are kept (/run/oci)",                 \
	    OPTION_STRING(global.root)},                                       \
	    {"log", 0, "FILE", "write messages there, too",                    \
		OPTION_CALL(global, log_take)},                                \
	{                                                                      \
		"log-format", 0, "text|json",                                  \
		    "as lines of text (text) or an "                           \
		    "object",                                                  \
		    OPTION_WORD(global.log_format, LOG_TEXT, LOG_TEXT)         \
	}

/*
 * What --log does, at a struct global: messages are kept for the log from then
 * on, so that wrong usage in what follows is in it.
 */
const char *log_take(void *at, char *file);

/*
 * When the options are read: from here on messages go to the log, too.  A
 * program appends one record to it, however much it has to say: engines read
 * the file as one object.  Dies when the file can't be had.
 */
void log_begin(const struct global *g);

/* Write the record now, in a process that ends without exit. */
void log_end(void);

#endif
