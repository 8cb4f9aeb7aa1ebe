/* SPDX-License-Identifier: ISC */
/*
 * A container's first process from its clone to its exec, seen from outside:
 * what oci-run does.  What the process does meanwhile is in init.c.
 */
#ifndef RUN_CONTAINER_LAUNCH_H
#define RUN_CONTAINER_LAUNCH_H

struct container;
struct init;

struct launch {
	struct container *container;
	struct init *init;
	int signals; /* of signals_hold */
	int sync;    /* to the process; from launch_clone on */
	int master;  /* of its terminal; -1: it has none */
};

/*
 * All of these die when the process does, or can't be had, or when a signal
 * came that ends a program.
 */
void launch_clone(struct launch *l);

/* Bring it to the point where only the exec is left. */
void launch_settle(struct launch *l);

/* Let it exec, and see that it did. */
void launch_go(struct launch *l);

/*
 * Have it wait for somebody else who starts it, and leave it: this program may
 * end then.
 */
void launch_leave(struct launch *l);

#endif
