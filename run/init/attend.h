/* SPDX-License-Identifier: ISC */
/* The first process of a container, beside its program. */
#ifndef RUN_INIT_ATTEND_H
#define RUN_INIT_ATTEND_H

#include <sys/types.h>

/*
 * Wait until the child program has been executed, and tell oci-run on the
 * channel if it was killed instead.  Closes both descriptors.
 */
void attend_execution(pid_t program, int executed, int channel);

/*
 * Pass every signal on to the child, and reap, until it has ended: its exit
 * status, or 128 and the number of its signal.  Signals that came while all
 * were blocked are passed on, too.
 */
int attend(pid_t program);

#endif
