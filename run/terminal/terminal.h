/* SPDX-License-Identifier: ISC */
/* The user's side of a container's terminal. */
#ifndef RUN_TERMINAL_TERMINAL_H
#define RUN_TERMINAL_TERMINAL_H

#include <stdbool.h>

/*
 * Whether this program is used at a terminal: all three standard streams are
 * one, and this is its foreground job, not one of several that make(1) runs.
 */
bool terminal_is_here(void);

/* Whether standard input is a terminal in whose background this job is. */
bool terminal_is_elsewhere(void);

/*
 * Put the terminal of standard input in raw mode, to be restored by
 * terminal_restore or at exit unless it is another job's by then.  May be
 * called again, when others may have set its modes meanwhile.  Nothing is done
 * when there is none, or it is another job's.
 */
void terminal_raw(void);
void terminal_restore(void);

/* Give the pseudoterminal master the window size of the user's terminal. */
void terminal_resize(int master);

#endif
