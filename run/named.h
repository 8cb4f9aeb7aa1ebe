/* SPDX-License-Identifier: ISC */
/* The command line of programs that change one container, and take no more. */
#ifndef RUN_NAMED_H
#define RUN_NAMED_H

struct container;

/* Such a program: it has the global options (log.h) and an ID. */
struct named {
	const char *name, *about, *status; /* what exit status 0 means */
};

/* First thing in main: the container of the ID (container_open).  Dies. */
struct container *named_open(const struct named *named, int argc, char **argv);

#endif
