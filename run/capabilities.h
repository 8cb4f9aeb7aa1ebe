/* SPDX-License-Identifier: ISC */
/* Capability sets (capabilities(7); config.md, "process.capabilities"). */
#ifndef RUN_CAPABILITIES_H
#define RUN_CAPABILITIES_H

#include <stdint.h>

struct process;

/* The number of "CAP_..." in any case, or -1 when it is no capability. */
int capability_number(const char *name);

/*
 * The order the kernel wants: drop what is not in the bounding set while
 * still privileged; then the user changes with its permitted set kept; then
 * the four other sets.  Each dies on failure.  A process without
 * capabilities in its specification loses all but keeps its bounding set as
 * runc does.
 */
void capabilities_bound(const struct process *p);
void capabilities_keep(void);
void capabilities_apply(const struct process *p);

#endif
