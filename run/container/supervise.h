/* SPDX-License-Identifier: ISC */
/* A container in the foreground. */
#ifndef RUN_CONTAINER_SUPERVISE_H
#define RUN_CONTAINER_SUPERVISE_H

#include <sys/types.h>

/*
 * Pass signals on to the process and bytes between standard streams and the
 * terminal's master (-1: none) until the process has ended; the third SIGINT or
 * SIGTERM within five seconds kills it, and so does the end of its terminal
 * unless it does something about SIGHUP.  notify, -1 for none, is a socket
 * of notify.h: that the program is ready is passed on.  Returns its exit
 * status, or 128 and the number of the signal that ended it.
 */
int supervise(int signals, pid_t pid, int pidfd, int master, int notify);

#endif
