/* SPDX-License-Identifier: ISC */
/* What is in a tree, whoever made it, in the same words. */
#ifndef T_FUZZ_LISTING_H
#define T_FUZZ_LISTING_H

#include <stddef.h>
#include <stdint.h>

struct listed;

struct listing { /* begin with zeros */
	struct listed *all;
	size_t n;
};

/*
 * A name: an op's letter, what there is to say, and what tells its file from
 * others.
 */
void listing_add(struct listing *l, const char *path, char type,
    const char *what, uint64_t id);

/* A line each, in their order; a further name of a file tells the first. */
char *listing_text(struct listing *l);

#endif
