/* SPDX-License-Identifier: ISC */
/*
 * Signals sent to this program.  They are held until supervise passes them to
 * the container; while the container starts, those that end a program end it.
 */
#ifndef RUN_CONTAINER_SIGNALS_H
#define RUN_CONTAINER_SIGNALS_H

#include <stdbool.h>

/*
 * Hold back all signals that can be caught and are not ignored, from now on,
 * so that none is lost before supervise passes them on.  Returns a signalfd.
 * Dies.
 */
int signals_hold(void);

/*
 * While the container starts: wait until there is something to read from fd
 * (-1: don't wait).  Dies, with 128 and its number as exit status, when HUP,
 * INT, QUIT or TERM came; others wait for supervise.
 */
void signals_wait(int signals, int fd);

/* Die likewise if one of these has come. */
void signals_end(void);

/*
 * A signalfd of these, that doesn't block, or -1; one that comes while they are
 * held ends nothing by itself.
 */
int signals_ending(void);

/* Those of these that have come so far are forgotten. */
void signals_forget(void);

/* Whether it ends a program that does nothing about it. */
bool signal_is_ending(int signal);

#endif
