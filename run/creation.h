/* SPDX-License-Identifier: ISC */
/* What oci-run and oci-create do alike: make a container up to its start. */
#ifndef RUN_CREATION_H
#define RUN_CREATION_H

#include <stdbool.h>
#include <stdint.h>

#include "run/log.h"

struct launch;
struct spec;

/* The part of the command line that both have. */
struct creation {
	const char *id; /* NULL: to be made */
	struct global global;
	const char *bundle, *pid_file, *console_socket, *pidfd_socket;
	bool init, keep_status, keep_keyring, no_pivot;
	int64_t preserve_fds;
};

/* Its lines in a table whose struct options has it as "creation". */
#define CREATION_OPTIONS                                                       \
	{"bundle", 'b', "DIR", "the bundle (.)",                               \
	    OPTION_STRING(creation.bundle)},                                   \
	    {"pid-file", 0, "FILE",                                            \
		"write the pid of its first process there",                    \
		OPTION_STRING(creation.pid_file)},                             \
	    {"init", 0, NULL,                                                  \
		"a first process that passes signals on and reaps",            \
		OPTION_FLAG(creation.init)},                                   \
	    {"keep-status", 0, NULL,                                           \
		"keep its exit status, for oci-wait and oci-ps",               \
		OPTION_FLAG(creation.keep_status)},                            \
	    {"console-socket", 0, "PATH",                                      \
		"send the terminal's master to this socket",                   \
		OPTION_STRING(creation.console_socket)},                       \
	    {"pidfd-socket", 0, "PATH",                                        \
		"send a pidfd of its first process to this socket",            \
		OPTION_STRING(creation.pidfd_socket)},                         \
	    {"no-new-keyring", 0, NULL, "keep the session keyring",            \
		OPTION_FLAG(creation.keep_keyring)},                           \
	    {"no-pivot", 0, NULL, "move the root, where it can't be pivoted",  \
		OPTION_FLAG(creation.no_pivot)},                               \
	    {"preserve-fds", 0, "N",                                           \
		"pass N descriptors after standard error on",                  \
		OPTION_NUMBER(creation.preserve_fds, 0, 65536)},               \
	    GLOBAL_OPTIONS(creation.global)

/* Dies of wrong usage: of an ID that no container can have. */
void creation_check(const struct creation *c);

/*
 * First of all: see that what is to be handed on is open, begin the log, seal
 * this program, which starts it again with argv, and read the bundle.  With
 * --keep-status what comes after this is done by a child, see keeper_fork.
 * Dies.
 */
struct spec *creation_read(const struct creation *c, char **argv);

/*
 * Make the container and bring its process to where only the start is left.
 * When starts is said, this program starts it next, and a stopped container of
 * its name makes room; else the process waits to be started by another one, as
 * the state says.  Fills *l.  Dies, also when a signal came that ends a
 * program, and then all is undone.
 */
void creation_make(const struct creation *c, struct spec *spec,
    const char *self, bool starts, struct launch *l);

#endif
