/* SPDX-License-Identifier: ISC */
/*
 * A line on the terminal of standard error that is drawn again and again in
 * its place: there is one of each in a process.
 */
#ifndef LIB_PROGRESSLINE_H
#define LIB_PROGRESSLINE_H

#include <stdbool.h>
#include <stddef.h>

/* Write to standard error; that nobody is there is not the end of the work. */
void progressline_put(const char *text, size_t n);

/*
 * From then on the line goes when something is said by lib/die.h, and when a
 * signal ends the process that is neither ignored nor blocked: what else was
 * to be done then is done after that.
 */
void progressline_begin(void);

/*
 * Whether a line may be drawn: a background job may not write to its terminal,
 * for where tostop is set the kernel would stop it.
 */
bool progressline_may(void);

/* Draw it, so that the cursor is at its beginning; or take it away. */
void progressline_draw(const char *text, size_t n);
void progressline_clear(void);

#endif
