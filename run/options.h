/* SPDX-License-Identifier: ISC */
/* The command line of oci-run. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/options.h"
#include "run/creation.h"

struct user_option {
	int64_t uid, gid; /* -1: as config.json has it */
};

struct options {
	struct creation creation;
	enum { TTY_AUTO, TTY_YES, TTY_NO } tty;
	bool detach;
	char **command;         /* in place of process.args; NULL */
	struct option_list env; /* NAME=VALUE */
	const char *cwd;        /* in place of process.cwd; NULL */
	struct user_option user;
};

/* Dies of wrong usage, and does what --help and the like say. */
void options_parse(int argc, char **argv, struct options *o);

#endif
