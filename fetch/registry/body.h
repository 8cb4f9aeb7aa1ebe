/* SPDX-License-Identifier: ISC */
/* The body of an answer on its way: collected, or to a taker. */
#ifndef FETCH_REGISTRY_BODY_H
#define FETCH_REGISTRY_BODY_H

struct request;

/*
 * Have the body of q->easy's answer received.  What is wrong with it is in
 * q->fault when the try has ended.
 */
void body_begin(struct request *q);

#endif
