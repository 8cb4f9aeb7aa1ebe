/* SPDX-License-Identifier: ISC */
/* Capability sets (capabilities(7); config.md, "process.capabilities"). */
#ifndef RUN_PROCESS_CAPABILITIES_H
#define RUN_PROCESS_CAPABILITIES_H

#include <stdint.h>

struct process_spec;

/* "libcap/2.66", the one that this was built with. */
const char *capabilities_library(void);

/*
 * The number of "CAP_..." in any case, or -1 when this program knows no such
 * capability: to be warned about, not to fail on, says the specification.
 */
int capability_number(const char *name);

/*
 * The order the kernel wants: drop what is not in the bounding set while
 * still privileged; then the user changes with its permitted set kept; then
 * the four other sets.  Each dies on failure; capabilities_apply warns of
 * what can't be granted here.  A process without capabilities in its
 * specification loses all of them, the bounding set too.
 */
void capabilities_bound(const struct process_spec *p);
void capabilities_keep(void);
void capabilities_apply(const struct process_spec *p);

/*
 * Put capabilities out of effect, all or those with which the links in /proc
 * lead to files by other ways than their names (map_files, root, cwd of other
 * processes): no name of the image's is looked up with them.  exec gives a
 * program what it is to have, whatever was in effect before.  Returns what was
 * in effect, for the third to put it back.  All die.
 */
uint64_t capabilities_lower(void);
uint64_t capabilities_lower_magic(void);
void capabilities_raise(uint64_t effective);

#endif
