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
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/version.h"
#include "run/container/sync.h"

#define KEPT_FD 3 /* see run/container/keeper.c */

/* Reap all that has ended; true, and the status, when the program is of it. */
static bool
reap(pid_t program, int *status)
{
	bool over = false;
	pid_t pid;
	int how;

	while ((pid = waitpid(-1, &how, WNOHANG | __WALL)) > 0)
		if (pid == program) {
			over = true;
			*status = WIFEXITED(how) ? WEXITSTATUS(how)
						 : 128 + WTERMSIG(how);
		}
	if (pid < 0 && errno == ECHILD && !over) {
		*status = 125; /* somebody else has reaped it */
		over = true;
	}
	return over;
}

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

/* Signals passed on to any other process might end that. */
static bool
is_child(long pid)
{
	siginfo_t info;

	return pid > 0 && pid <= INT_MAX &&
	       waitid(P_PID, (id_t)pid, &info,
		   WEXITED | WNOHANG | WNOWAIT | __WALL) == 0;
}

static void
tell(int channel, int signal)
{
	struct sync_packet p = {SYNC_DIED, signal};

	if (write(channel, &p, sizeof p) != sizeof p)
		abort(); /* of this oci-run is told in any case */
}

/*
 * Wait until the program has been executed, which closes the pipe.  Or it has
 * ended: then it has no exit signal, see run/container/clone.h.
 */
static void
execution_watch(pid_t program, int executed, int channel)
{
	siginfo_t info = {0};
	char byte;

	if (read(executed, &byte, 1) != 0)
		abort();
	if (waitid(P_PID, (id_t)program, &info, WEXITED | WNOWAIT | __WCLONE) ==
		0 &&
	    info.si_code != CLD_EXITED)
		tell(channel, info.si_status);
	close(executed);
	close(channel);
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

/*
 * Outside of the container, for as long as that lasts: only SIGKILL ends this
 * before.
 */
static int
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
static pid_t
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

int
main(int argc, char **argv)
{
	bool engine = argc > 2 && strcmp(argv[1], "--") == 0;
	int status = 0, sig = 0;
	pid_t program;
	sigset_t all;

	signal(SIGCHLD, SIG_DFL); /* ignored it would reap by itself */
	if (argc == 3 && strcmp(argv[1], "--keep") == 0)
		return keep(argv[2]);
	program = engine ? program_start(argv + 2) : program_parse(argc, argv);
	/* They were blocked before the program was there: none is lost. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (!engine && argc == 4)
		execution_watch(
		    program, descriptor(argv[2]), descriptor(argv[3]));
	while (!reap(program, &status))
		if (sigwait(&all, &sig) == 0 && sig != SIGCHLD)
			kill(program, sig);
	return status;
}
