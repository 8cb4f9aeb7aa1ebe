/* SPDX-License-Identifier: ISC */
/*
 * A sink in front of another, which gets what is wanted.  It plans the whole
 * tree, so that links that are left out are followed all the same, and passes
 * on where they lead.
 */
#ifndef UNPACK_PLAN_FILTERED_H
#define UNPACK_PLAN_FILTERED_H

struct filter;
struct sink;

/* The filter and the other sink are borrowed. */
struct sink *filtered_new(struct sink *to, const struct filter *f);

#endif
