/* SPDX-License-Identifier: ISC */
/* The command line of oci-run. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	const char *bundle, *root, *pid_file, *console_socket, *id;
	enum { TTY_AUTO, TTY_YES, TTY_NO } tty;
	bool detach, init, keep_keyring;
	int64_t preserve_fds;
};

/* Dies of wrong usage, and does what --help and the like say. */
void options_parse(int argc, char **argv, struct options *o);

#endif
