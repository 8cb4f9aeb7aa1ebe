/* SPDX-License-Identifier: ISC */
/*
 * How many requests go at a time, where nobody has said it: more where each
 * is over soon after its answer has begun, so that it is the waiting that
 * takes the time; half of them where a server says that it is too many, from
 * where on they grow again by one each time that all went well for a while.
 */
#ifndef FETCH_REGISTRY_PACE_H
#define FETCH_REGISTRY_PACE_H

#include <stddef.h>

struct loop;
struct request;

/* Set the jobs of a loop: n, or for 0 what turns out to be good. */
void pace_begin(struct loop *l, unsigned n);

/* So many are going to be asked for. */
void pace_expect(struct loop *l, size_t n);

/* A try has ended; its easy is still there, its server as it was before. */
void pace_follow(const struct request *q);

#endif
