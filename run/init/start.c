/* SPDX-License-Identifier: ISC */
/* A command that oci-init starts by itself. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "run/init/start.h"

static _Noreturn void
program_exec(char **command, const sigset_t *signals)
{
	int error;

	/* The foreground job is the program's: Ctrl-C is not for the reaper. */
	if (tcgetpgrp(0) == getpgrp() &&
	    (setpgid(0, 0) < 0 || tcsetpgrp(0, getpid()) < 0)) {
		perror("oci-init: foreground job of the terminal");
		_exit(125);
	}
	sigprocmask(SIG_SETMASK, signals, NULL);
	execvp(*command, command);
	error = errno;
	fprintf(stderr, "oci-init: %s: %s\n", *command, strerror(error));
	_exit(error == ENOENT ? 127 : 126);
}

/* Without a pid namespace of its own this isn't process 1. */
pid_t
program_start(char **command)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) < 0 ||
	    (pid = fork()) < 0) {
		perror("oci-init");
		exit(125);
	}
	if (pid == 0)
		program_exec(command, &before);
	return pid;
}
