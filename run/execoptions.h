/* SPDX-License-Identifier: ISC */
/* The command line of oci-exec. */
#ifndef RUN_EXECOPTIONS_H
#define RUN_EXECOPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "run/changes.h"
#include "run/log.h"

struct options {
	struct global global;
	const char *id, *process, *pid_file, *console_socket, *pidfd_socket;
	struct changes changes;
	struct option_list cgroups; /* "CONTROLLER,...:PATH" or one PATH */
	uint32_t *gids;
	size_t ngids;
	uint64_t capabilities; /* bit n for capability n */
	bool tty, detach, no_new_privs, ignore_paused, keep_keyring;
	int64_t preserve_fds;
};

/* Dies of wrong usage, and does what --help and the like say. */
void options_parse(int argc, char **argv, struct options *o);

#endif
