/* SPDX-License-Identifier: ISC */
/* The program: found as a shell would, and executed (execve(2)). */
#ifndef RUN_PROCESS_PROGRAM_H
#define RUN_PROCESS_PROGRAM_H

struct process_spec;

/*
 * Execute args, looked up in PATH of env.  Returns only on failure: the exit
 * status, 127 not found or 126, with the reason said.
 */
int program_exec(const struct process_spec *p);

/*
 * Whether it can be found and executed, for whoever has to know long before:
 * 0 if nothing is seen to hinder it, else the status as above, with the reason
 * said.
 */
int program_check(const struct process_spec *p);

#endif
