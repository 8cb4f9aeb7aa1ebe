/* SPDX-License-Identifier: ISC */
/* The command line of oci-run. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>

#include "run/changes.h"
#include "run/creation.h"

struct options {
	struct creation creation;
	enum { TTY_AUTO, TTY_YES, TTY_NO } tty;
	bool detach;
	struct changes changes;
};

/* Dies of wrong usage, and does what --help and the like say. */
void options_parse(int argc, char **argv, struct options *o);

#endif
