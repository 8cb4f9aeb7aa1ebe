/* SPDX-License-Identifier: ISC */
/*
 * A process of a container from its clone to its exec, seen from outside:
 * what oci-run does about the first one (first.h), and oci-exec about one that
 * joins it (join.h).
 */
#ifndef RUN_CONTAINER_LAUNCH_H
#define RUN_CONTAINER_LAUNCH_H

struct become;
struct container;
struct spec;

struct launch {
	struct container *container; /* with the process as its pid and pidfd */
	const struct spec *spec;
	struct become *become; /* what comes of the process in the end */
	int signals;           /* of signals_hold */
	int sync;              /* to the process */
	int master;            /* of its terminal; -1: it has none */
	int notify;            /* of notify_open, in oci-run */
};

/*
 * Before the clone: make the channel, one end as l->sync and the other as
 * l->become->sync; of these each process closes the one that isn't its own.
 * From here on nobody who shares a namespace with the child may trace it.
 */
void launch_prepare(struct launch *l);

/*
 * The process, or behind oci-init the program's, died before the program ran,
 * by the signal sig unless that is 0.  It has said why if it could.
 */
_Noreturn void launch_failed(const struct launch *l, int sig);

/*
 * The process has ended, having left another one in its place, of this pid and
 * pidfd, which become the launch's.  Dies when a signal came that ends a
 * program.
 */
void launch_change(struct launch *l, int pid, int pidfd);

/*
 * Let it exec, and see that it did.  Dies when it didn't, or when a signal came
 * that ends a program, as the next does.
 */
void launch_go(struct launch *l);

/*
 * Have it wait for somebody else who starts it, and leave it: this program may
 * end then.
 */
void launch_leave(struct launch *l);

#endif
