/* SPDX-License-Identifier: ISC */
/* The container that a program was asked about. */
#ifndef PS_NEED_H
#define PS_NEED_H

struct state;

/*
 * Its state as it is now (state_judge), of the directory root, which is -1
 * where there is none.  Dies when there is no such container.
 */
void state_need(int root, const char *id, struct state *s);

#endif
