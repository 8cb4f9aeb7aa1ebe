/* SPDX-License-Identifier: ISC */
/* A container in the foreground. */
#ifndef RUN_SUPERVISE_H
#define RUN_SUPERVISE_H

#include <sys/types.h>

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

/*
 * Pass signals on to the process and bytes between standard streams and the
 * terminal's master (-1: none) until the process has ended.  Returns its exit
 * status, or 128 and the number of the signal that ended it.
 */
int supervise(int signals, int pidfd, int master);

/* Wait for the process of pidfd: its status as above. */
int process_wait(int pidfd);

/* Wait for it if that can be done, whatever comes of it. */
void process_reap(int pidfd);

/* Of one that should not have ended yet: the signal that ended it, or 0. */
int process_signal(int pidfd);

#endif
