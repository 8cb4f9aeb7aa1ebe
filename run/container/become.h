/* SPDX-License-Identifier: ISC */
/*
 * A process of this program becomes that of a bundle: the container's first
 * one when its root is "/", and every one that joins it later.  The order in
 * become.c matters: each step needs what the later ones take away.
 */
#ifndef RUN_CONTAINER_BECOME_H
#define RUN_CONTAINER_BECOME_H

#include <stdbool.h>

struct process_spec;
struct progress;
struct seccomp_filter;

struct become {
	const struct process_spec *process;
	const struct seccomp_filter *seccomp; /* NULL: none */
	int reaper;                           /* of reaper_open, or -1 */
	int sync;                             /* to the parent */
	struct progress *progress;            /* shared with the parent */
	bool groups_denied; /* setgroups(2) is, in its user namespace */
};

/*
 * After a change of user or capabilities the kernel has forgotten whom the
 * end of the parent is to be told, and may let others trace this process.
 */
void become_hidden(const struct become *b);

/* Limits, working directory, user, capabilities and umask.  Dies. */
void become_user(const struct become *b);

/*
 * After become_user, in a process that executes another program: it gets what
 * that of the bundle has, and no more.  Dies.
 */
void become_confined(const struct become *b);

/* Execute the program; says what hindered it and ends. */
_Noreturn void become_program(const struct become *b);

#endif
