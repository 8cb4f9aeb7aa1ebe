/* SPDX-License-Identifier: ISC */
/*
 * Signals that end the program.  The first one makes it undo what it has
 * begun, wherever it is; a second one ends it at once.
 */
#ifndef UNPACK_STOP_H
#define UNPACK_STOP_H

struct ring;

/*
 * From here on SIGHUP, SIGINT and SIGTERM, if they weren't ignored, are heard
 * by a thread, and SIGPIPE and SIGXFSZ are errors of the calls that cause
 * them.  Call it from the thread that does the work, before others are made.
 */
void stop_begin(void);

/* What the working thread waits on: a signal makes it fail. */
void stop_ring(struct ring *ring);

/* Die if there was a signal.  To be called now and then, and at the end. */
void stop_check(void);

/* It is ending anyway: a first signal changes nothing any more. */
void stop_ending(void);

#endif
