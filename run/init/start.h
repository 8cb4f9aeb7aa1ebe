/* SPDX-License-Identifier: ISC */
/* A command that oci-init starts by itself. */
#ifndef RUN_INIT_START_H
#define RUN_INIT_START_H

#include <sys/types.h>

/*
 * Start it, as the foreground job of the terminal if this process is that, and
 * block all signals here.  Returns its pid; exits with 125.
 */
pid_t program_start(char **command);

#endif
