/* SPDX-License-Identifier: ISC */
/* Test results of a program in C: TAP on standard output. */
#ifndef T_TAP_H
#define T_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int tap_count, tap_failed;

static inline void
ok(bool good, const char *name)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tap_count, name);
	fflush(stdout); /* a child must not print it again */
	if (!good && getenv("HARNESS_ACTIVE")) /* prove shows no more of it */
		fprintf(stderr, "# not ok %d - %s\n", tap_count, name);
	tap_failed += !good;
}

/* The plan; return it from main. */
static inline int
tap_end(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
