/* SPDX-License-Identifier: ISC */
/* Signals that end the program, once there is something to undo. */
#ifndef BUNDLE_STOP_H
#define BUNDLE_STOP_H

#include <sys/types.h>

/*
 * From here on the first SIGHUP, SIGINT, SIGQUIT or SIGTERM that isn't ignored
 * is kept for stop_check; a second one ends the program at once.  SIGPIPE and
 * SIGXFSZ are errors of the calls that cause them.
 */
void stop_begin(void);

/* The process that such a signal is meant for as well; 0: none any more. */
void stop_child(pid_t pid);

/* All is done but what is to be done in any case: children are told no more. */
void stop_late(void);

/* Block the signals, to fork, or let them in again. */
void stop_block(int block);

/* When there was one: exit, so that what was begun is undone. */
void stop_check(void);

/* When there was one: die of it, for that is done. */
void stop_raise(void);

#endif
