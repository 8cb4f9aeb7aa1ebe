/* SPDX-License-Identifier: ISC */
/* What the process itself is to be (config.md, "Process"). */
#ifndef RUN_PROCESS_H
#define RUN_PROCESS_H

#include <stdbool.h>

struct process;

/* The limits that differ from what they are.  Dies. */
void process_rlimits(const struct process *p);

/*
 * Groups, group and user; capabilities that are kept are kept.  Where groups
 * are denied, as in an ordinary user's namespace of one id, the caller's stay.
 * Dies.
 */
void process_user(const struct process *p, bool groups_denied);

/*
 * The working directory, seen to be inside the root.  It may be one that only
 * the superuser can enter, or only the user: so before the user changes, where
 * false says that it could not be entered, and then again.  Dies.
 */
bool process_cwd(const struct process *p, bool again);

/*
 * Standard streams become the user's, so that /dev/stdout can be opened, as
 * with runc: pipes, sockets, terminals and files that are written to, as far
 * as it may be.
 */
void process_streams(const struct process *p);

/* No signal blocked and none ignored, whatever the caller had. */
void process_signals(void);

/*
 * Execute args, looked up in PATH of env.  Returns only on failure: the exit
 * status, 127 not found or 126, with the reason said.
 */
int process_exec(const struct process *p);

#endif
