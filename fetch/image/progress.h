/* SPDX-License-Identifier: ISC */
/* A line on standard error that says how far the fetching is. */
#ifndef FETCH_IMAGE_PROGRESS_H
#define FETCH_IMAGE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool shown;
	bool terminal;       /* the line replaces itself */
	int64_t size;        /* bytes in all */
	int64_t began, last; /* milliseconds, of clock_now */
};

void progress_begin(struct progress *p, bool shown, int64_t size);

/* At most five times a second on a terminal, else once a second. */
void progress_show(struct progress *p, int64_t received);
void progress_end(struct progress *p, int64_t received);

#endif
