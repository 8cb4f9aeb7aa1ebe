/* SPDX-License-Identifier: ISC */
/* The user's side of a container's terminal. */
#ifndef RUN_TERMINAL_TERMINAL_H
#define RUN_TERMINAL_TERMINAL_H

#include <stdbool.h>

/*
 * Whether this program is used at a terminal: all three standard streams are
 * one, and this is its foreground job.
 */
bool terminal_is_here(void);

/*
 * Put the terminal of standard input in raw mode, to be restored by
 * terminal_restore or at exit.  False, and nothing done, when it is none.
 */
bool terminal_raw(void);
void terminal_restore(void);

/* Give the pseudoterminal master the window size of the user's terminal. */
void terminal_resize(int master);

/*
 * Send the master to whoever listens on the Unix socket path, as
 * --console-socket of runc does.  signals is for signals_wait, when nobody
 * takes it.  Dies.
 */
void terminal_send(const char *path, int master, int signals);

#endif
