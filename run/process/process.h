/* SPDX-License-Identifier: ISC */
/* What a process is given besides its user (config.md, "Process"). */
#ifndef RUN_PROCESS_PROCESS_H
#define RUN_PROCESS_PROCESS_H

#include <stdbool.h>

struct process_spec;

/* The limits that differ from what they are.  Dies. */
void process_rlimits(const struct process_spec *p);

/*
 * The working directory, seen to be inside the root.  It may be one that only
 * the superuser can enter, or only the user: so before the user changes, where
 * false says that it could not be entered, and then again.  Dies.
 */
bool process_cwd(const struct process_spec *p, bool again);

/* linux.personality and linux.memoryPolicy, which the program inherits.  Dies.
 */
struct spec;
void process_kernel(const struct spec *spec);

/* A new session keyring, keyrings(7).  Dies. */
void process_keyring(void);

/* No signal blocked and none ignored, whatever the caller had. */
void process_signals(void);

#endif
