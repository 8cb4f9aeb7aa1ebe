/* SPDX-License-Identifier: ISC */
/*
 * oci-init - be the first process of a container beside its program
 *
 * oci-run --init makes the program of the bundle a child of the container's
 * first process, which then becomes this.  It passes on every signal, reaps
 * whatever is orphaned in the container, and ends as the program ends.  It is
 * linked statically, for it runs where none of the host's libraries are, and
 * knows nothing but the pid: what it holds could be read in the container.
 */
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/version.h"

/* Reap all that has ended; true, and the status, when the program is of it. */
static bool
reap(pid_t program, int *status)
{
	bool over = false;
	pid_t pid;
	int how;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
		if (pid == program) {
			over = true;
			*status = WIFEXITED(how) ? WEXITSTATUS(how)
						 : 128 + WTERMSIG(how);
		}
	return over;
}

static const char usage[] =
    "Usage: oci-init PID\n"
    "Pass signals on to the child PID, reap, and end as it ends: what\n"
    "oci-run --init makes of a container's first process.\n"
    "\n"
    "  -h, --help     print this\n"
    "  -V, --version  print the version\n";

static _Noreturn void
say_and_exit(const char *text)
{
	if (fputs(text, stdout) < 0 || fflush(stdout)) {
		perror("oci-init: standard output");
		exit(1);
	}
	exit(0);
}

static _Noreturn void
version_and_exit(void)
{
	char text[256];

	snprintf(text, sizeof text, "oci-init %s\n", version);
	say_and_exit(text);
}

/* Signals passed on to any other process might end that. */
static bool
is_child(long pid)
{
	siginfo_t info;

	return pid > 0 && pid <= INT_MAX &&
	       waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
		   0;
}

static pid_t
program_parse(int argc, char **argv)
{
	const char *word = argc == 2 ? argv[1] : "";
	char *end;
	long pid = strtol(word, &end, 10);

	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
		say_and_exit(usage);
	if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0)
		version_and_exit();
	if (*end || !is_child(pid)) {
		fprintf(stderr, "oci-init: %s%s\nTry 'oci-init --help'.\n",
		    word,
		    argc == 2 ? ": not the pid of a child"
			      : "one PID is wanted");
		exit(2);
	}
	return (pid_t)pid;
}

int
main(int argc, char **argv)
{
	pid_t program = program_parse(argc, argv);
	int status = 0, signal = 0;
	sigset_t all;

	/* They were blocked before the program was there: none is lost. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	while (!reap(program, &status))
		if (sigwait(&all, &signal) == 0 && signal != SIGCHLD)
			kill(program, signal);
	return status;
}
