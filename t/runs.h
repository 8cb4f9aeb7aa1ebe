/* SPDX-License-Identifier: ISC */
/* A source, lib/source.h, that lends a memory in runs of one length. */
#ifndef T_RUNS_H
#define T_RUNS_H

#include <stddef.h>

#include "lib/source.h"

struct runs {
	struct source source; /* .next = runs_next */
	const unsigned char *p;
	size_t left, run; /* bytes; run isn't 0 */
};

static inline ssize_t
runs_next(struct source *source, const unsigned char **p)
{
	struct runs *r = (struct runs *)source;
	size_t n = r->left < r->run ? r->left : r->run;

	*p = r->p;
	r->p += n;
	r->left -= n;
	return (ssize_t)n;
}

#endif
