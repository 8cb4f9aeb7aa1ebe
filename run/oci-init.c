/* SPDX-License-Identifier: ISC */
/*
 * oci-init - be the first process of a container beside its program
 *
 * oci-run --init makes the program of the bundle a child of the container's
 * first process, which then becomes this.  It passes on every signal, reaps
 * whatever is orphaned in the container, and ends as the program ends.  It is
 * linked statically, for it runs where none of the host's libraries are, and
 * knows nothing but the pid: what it holds could be read in the container.
 *
 * Nobody but the parent of the program is told of its end.  So before all that
 * it sees the program executed, and tells oci-run if it was killed instead.
 *
 * "oci-init -- COMMAND" is how engines call the init that they put into a
 * container, as its first process: it starts the program by itself then.
 *
 * "oci-init --keep" is the keeper of a container's exit status, out here.
 */
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "lib/version.h"
#include "run/init/attend.h"
#include "run/init/keep.h"
#include "run/init/start.h"

static const char usage[] =
    "Usage: oci-init PID [EXECUTED CHANNEL]\n"
    "       oci-init -- COMMAND [ARG...]\n"
    "       oci-init --keep PID\n"
    "Pass signals on to the child PID, or to COMMAND, reap, and end as it\n"
    "ends: what oci-run --init makes of a container's first process, and\n"
    "what engines can put there.  Or write how the child ends to descriptor\n"
    "3: what oci-run --keep-status leaves behind.\n"
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

/* A number of a descriptor from oci-run. */
static int
descriptor(const char *word)
{
	char *end;
	long fd = strtol(word, &end, 10);

	if (end == word || *end || fd < 3 || fd > INT_MAX) {
		fprintf(stderr, "oci-init: %s: no descriptor\n", word);
		exit(2);
	}
	return (int)fd;
}

/* Signals passed on to any other process might end that. */
static bool
is_child(long pid)
{
	siginfo_t info;

	return pid > 0 && pid <= INT_MAX &&
	       waitid(P_PID, (id_t)pid, &info,
		   WEXITED | WNOHANG | WNOWAIT | __WALL) == 0;
}

static pid_t
program_parse(int argc, char **argv)
{
	const char *word = argc == 2 || argc == 4 ? argv[1] : "";
	char *end;
	long pid = strtol(word, &end, 10);

	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
		say_and_exit(usage);
	if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0)
		version_and_exit();
	if (*end || !is_child(pid)) {
		fprintf(stderr, "oci-init: %s%s\nTry 'oci-init --help'.\n",
		    word, *word ? ": not the pid of a child" : "give one PID");
		exit(2);
	}
	return (pid_t)pid;
}

int
main(int argc, char **argv)
{
	bool engine = argc > 2 && strcmp(argv[1], "--") == 0;
	pid_t program;

	signal(SIGCHLD, SIG_DFL); /* ignored it would reap by itself */
	if (argc == 3 && strcmp(argv[1], "--keep") == 0)
		return keep(argv[2]);
	program = engine ? program_start(argv + 2) : program_parse(argc, argv);
	if (!engine && argc == 4)
		attend_execution(
		    program, descriptor(argv[2]), descriptor(argv[3]));
	return attend(program);
}
