/* SPDX-License-Identifier: ISC */
/* What the process itself is to be (config.md, "Process"). */
#ifndef RUN_PROCESS_H
#define RUN_PROCESS_H

struct process;

/* The limits that differ from what they are.  Dies. */
void process_rlimits(const struct process *p);

/* Groups, group and user; capabilities that are kept are kept.  Dies. */
void process_user(const struct process *p);

/* The working directory, seen to be inside the root.  Dies. */
void process_cwd(const struct process *p);

/* HOME from the container's /etc/passwd where env doesn't give it. */
void process_home(struct process *p);

/*
 * Execute args, looked up in PATH of env.  Returns only on failure: the exit
 * status, 127 not found or 126, with the reason said.
 */
int process_exec(const struct process *p);

#endif
