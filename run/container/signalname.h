/* SPDX-License-Identifier: ISC */
/* Signals by name or number (signal(7)). */
#ifndef RUN_CONTAINER_SIGNALNAME_H
#define RUN_CONTAINER_SIGNALNAME_H

/*
 * The signal of "TERM", "SIGTERM", "15", "RTMIN+1" or "RTMAX-1", in any case;
 * 0 when there is no such signal.
 */
int signal_number(const char *text);

#endif
