/* SPDX-License-Identifier: ISC */
/* The keeper of a container's exit status. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/init/keep.h"

#define KEPT_FD 3 /* see run/container/keeper.c */

int
keep(const char *word)
{
	pid_t program = (pid_t)strtol(word, NULL, 10);
	char text[8];
	sigset_t all;
	int how, n;

	prctl(PR_SET_NAME, "oci-init");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (program <= 0 || waitpid(program, &how, __WALL) != program) {
		fprintf(stderr, "oci-init: --keep %s: not the pid of a child\n",
		    word);
		return 1;
	}
	n = snprintf(text, sizeof text, "%d\n",
	    WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how));
	return write(KEPT_FD, text, n) != n;
}
