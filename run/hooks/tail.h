/* SPDX-License-Identifier: ISC */
/* The end of what a program printed. */
#ifndef RUN_HOOKS_TAIL_H
#define RUN_HOOKS_TAIL_H

#include <stdbool.h>
#include <stddef.h>

#define TAIL_BYTES 1024 /* that are kept */

/* A struct tail of zeros is empty. */
struct tail {
	char text[TAIL_BYTES];
	size_t n;
	bool cut; /* there was more before */
};

/*
 * Take what is in fd, which doesn't block, but no more than a pipe holds: who
 * writes all the time keeps nobody here.  False at the end of the file.
 */
bool tail_read(struct tail *t, int fd);

/* On one line, with a "; " between what were lines; owned, "" for nothing. */
char *tail_line(const struct tail *t);

#endif
