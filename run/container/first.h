/* SPDX-License-Identifier: ISC */
/*
 * A container's first process up to where only its exec is left, seen from
 * outside.  What the process does meanwhile is in init.c.
 */
#ifndef RUN_CONTAINER_FIRST_H
#define RUN_CONTAINER_FIRST_H

struct init;
struct launch;

/*
 * Both die when the process does, or can't be had, when a signal came that
 * ends a program, or when a hook fails.
 */
void first_clone(struct launch *l, struct init *init);
void first_settle(struct launch *l);

#endif
