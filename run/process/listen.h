/* SPDX-License-Identifier: ISC */
/*
 * Socket activation, sd_listen_fds(3): descriptors from 3 on that the caller
 * hands to this process by LISTEN_FDS and LISTEN_PID are the container's.
 */
#ifndef RUN_PROCESS_LISTEN_H
#define RUN_PROCESS_LISTEN_H

struct process_spec;

/* How many there are, 0 when none are meant for this process.  Dies. */
unsigned listen_count(void);

/* Add the variables that tell the program of n of them. */
void listen_pass(struct process_spec *p, unsigned n);

/* In the process that executes the program: it is the one they are for. */
void listen_own(const struct process_spec *p);

#endif
