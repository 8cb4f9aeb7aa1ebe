/* SPDX-License-Identifier: ISC */
/*
 * Which paths are wanted, by patterns: components with a '/' between them, as
 * fnmatch(3) has them, by bytes; "**" is any number of components, also none.
 * A pattern stands for the paths that it matches and all that is in them.
 */
#ifndef UNPACK_APPLY_FILTER_H
#define UNPACK_APPLY_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct option_list;
struct pattern;

enum filter_verdict {
	FILTER_OUT,
	FILTER_ABOVE, /* out, but something in it may be wanted */
	FILTER_IN
};

struct filter {
	struct pattern *include, *exclude;
	size_t nincluded, nexcluded;
};

/* Die of wrong usage when a pattern is none. */
void filter_init(struct filter *f, const struct option_list *include,
    const struct option_list *exclude);

/* Whether anything is left out at all. */
bool filter_any(const struct filter *f);

/* What matches exclude is out; if there is an include, what doesn't match it.
 */
enum filter_verdict filter_ask(const struct filter *f, const char *path);

#endif
