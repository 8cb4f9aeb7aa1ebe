/* SPDX-License-Identifier: ISC */
/*
 * What the container's first process is at, and its last words.  They are in
 * memory that it shares with its parent: to leave them there takes no system
 * call, which a seccomp filter could forbid, and no descriptor.
 */
#ifndef RUN_CONTAINER_PROGRESS_H
#define RUN_CONTAINER_PROGRESS_H

#include <stddef.h>

#include "lib/die.h"

struct progress {
	const char *step; /* of this program's own text, which both have */
	int status;       /* the exit status, once it failed; 0 */
	size_t n;         /* bytes of said */
	char said[8192];  /* lines, each behind its level */
};

/* In the parent, before the clone.  Dies. */
struct progress *progress_new(void);

/* In the process: add a line, with its newline, if there is room for it. */
void progress_say(
    struct progress *p, enum die_level level, const char *line, size_t n);

/* In the parent: pass on what was said (die_pass). */
void progress_print(const struct progress *p);

#endif
