/* SPDX-License-Identifier: ISC */
/* Names that may come several times, of which the last counts. */
#ifndef BUNDLE_NAMES_H
#define BUNDLE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct name {
	const char *text; /* borrowed */
	size_t len;
};

/*
 * Of each of n names whether no equal one comes behind it: an array that the
 * caller frees.  In time by n log n, for images may have very many.
 */
bool *names_last(const struct name *names, size_t n);

#endif
