/* SPDX-License-Identifier: ISC */
/* lib/progress: what a terminal, a log and a program get of it. */
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/progress.h"
#include "t/tap.h"

#define MIB (1 << 20)

static char said[4096]; /* by the last child */
static int status;
static int ended_by; /* a signal in the middle of the task, or 0 */

static void
on_signal(int sig)
{
	(void)!write(2, "gone\n", 5);
	raise(sig);
}

/* A task of 4 MiB that is at 1 MiB when it is time to show it. */
static void
task(enum progress_mode mode, bool fails)
{
	struct progress_state s = {.total = 4 * MIB, .parts = 3};
	struct progress p;

	progress_begin(&p, mode, "layer", &s);
	s.bytes = MIB;
	s.part = 2;
	progress_show(&p, &s);
	usleep(mode == PROGRESS_ALWAYS ? 1100000 : 300000);
	progress_show(&p, &s);
	progress_show(&p, &s);
	if (ended_by)
		raise(ended_by);
	if (fails)
		die("no such thing");
	s.bytes = s.total;
	s.part = 3;
	progress_end(&p, &s);
	exit(0);
}

/* All that the child says until it ends. */
static void
hear(pid_t pid, int fd)
{
	size_t len = 0;
	ssize_t n;

	while (len < sizeof said - 1 &&
	       ((n = read(fd, said + len, sizeof said - 1 - len)) > 0 ||
		   (n < 0 && errno == EINTR)))
		len += n > 0 ? (size_t)n : 0;
	said[len] = 0;
	close(fd);
	waitpid(pid, &status, 0);
}

/*
 * Go on as a background job of a terminal where tostop is set.  Its shell, as
 * it were, ends with 9 when the job was stopped.
 */
static void
go_back(void)
{
	struct termios t;
	int how = 0;
	pid_t pid;

	tcgetattr(2, &t);
	t.c_lflag |= TOSTOP;
	tcsetattr(2, TCSANOW, &t);
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		return;
	}
	waitpid(pid, &how, WUNTRACED);
	if (WIFSTOPPED(how))
		kill(pid, SIGKILL);
	_exit(WIFSTOPPED(how) ? 9 : WEXITSTATUS(how));
}

static void
on_terminal(int columns, enum progress_mode mode, bool fails, bool background)
{
	struct winsize size = {.ws_col = (unsigned short)columns};
	int fd;
	pid_t pid = forkpty(&fd, NULL, NULL, &size);

	if (!pid) {
		alarm(20);
		/* Whoever began this may have had it ignored. */
		if (ended_by)
			signal(
			    ended_by, ended_by == SIGHUP ? SIG_IGN : SIG_DFL);
		if (ended_by == SIGTERM)
			sigaction(SIGTERM,
			    &(struct sigaction){.sa_handler = on_signal,
				.sa_flags = SA_RESETHAND | SA_NODEFER},
			    NULL);
		if (background)
			go_back();
		task(mode, fails);
	}
	hear(pid, fd);
}

static void
on_pipe(enum progress_mode mode)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		exit(1);
	pid = fork();
	if (!pid) {
		dup2(ends[1], 2);
		close(ends[1]);
		task(mode, false);
	}
	close(ends[1]);
	hear(pid, ends[0]);
}

static bool
has(const char *text)
{
	return strstr(said, text) != NULL;
}

static bool
is(const char *text)
{
	if (strcmp(said, text))
		printf("# said: %s\n", said);
	return !strcmp(said, text);
}

static void
terminals(void)
{
	static const char line[] = "\r\033[K0095-progress: 1.0 of 4.0 MiB, ";
	const char *first;

	setenv("TERM", "xterm", 1);
	on_terminal(80, PROGRESS_AUTO, false, false);
	ok(!strncmp(said, line, strlen(line)), "a terminal has a line");
	ok(has(" s left, layer 2 of 3\r"), "it says how far and long");
	first = strchr(said + 1, '\r');
	ok(first && !strcmp(first, "\r\r\033[K"), "it goes when all is done");
	on_terminal(20, PROGRESS_AUTO, false, false);
	ok(is("\r\033[K0095-progress: 1.0 \r\r\033[K"),
	    "it is no wider than the terminal");
	on_terminal(0, PROGRESS_AUTO, false, false);
	ok(has("layer 2 of 3\r"), "or than 80 where that isn't known");
	on_terminal(20, PROGRESS_AUTO, true, false);
	ok(is("\r\033[K0095-progress: 1.0 \r"
	      "\r\033[K0095-progress: no such thing\r\n"),
	    "a message takes its place");
	ended_by = SIGINT;
	on_terminal(20, PROGRESS_AUTO, false, false);
	ok(is("\r\033[K0095-progress: 1.0 \r\r\033[K") && WIFSIGNALED(status) &&
		WTERMSIG(status) == SIGINT,
	    "it goes when a signal ends the program, which it does");
	ended_by = SIGTERM;
	on_terminal(20, PROGRESS_AUTO, false, false);
	ok(is("\r\033[K0095-progress: 1.0 \r\r\033[Kgone\r\n") &&
		WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM,
	    "before who had the signal before");
	ended_by = SIGHUP;
	on_terminal(20, PROGRESS_AUTO, false, false);
	ok(WIFEXITED(status) && !WEXITSTATUS(status),
	    "one that is ignored stays ignored");
	ended_by = 0;
	on_terminal(80, PROGRESS_NEVER, false, false);
	ok(is(""), "it can be forbidden");
	on_terminal(80, PROGRESS_AUTO, false, true);
	ok(is("") && status == 0, "a background job shows nothing, nor stops");
	setenv("TERM", "dumb", 1);
	on_terminal(80, PROGRESS_AUTO, false, false);
	ok(is(""), "nor does one on a terminal that can't clear a line");
}

static void
others(void)
{
	static const char begun[] =
	    "{\"program\":\"0095-progress\",\"bytes\":0,"
	    "\"totalBytes\":4194304,\"layers\":3,\"milliseconds\":0,"
	    "\"done\":false}\n";

	setenv("TERM", "xterm", 1);
	on_pipe(PROGRESS_AUTO);
	ok(is(""), "where there is no terminal nothing is shown");
	on_pipe(PROGRESS_ALWAYS);
	ok(has("0095-progress: 1.0 of 4.0 MiB, ") &&
		has(" s left, layer 2 of 3\n0095-progress: 4.0 of 4.0 MiB"),
	    "a log has lines, if it is asked for");
	ok(!strchr(said, '\r') && !strchr(said, '\033'), "and only those");
	on_pipe(PROGRESS_JSON);
	ok(!strncmp(said, begun, strlen(begun)),
	    "a program is told at the beginning");
	ok(has("\n{\"program\":\"0095-progress\",\"bytes\":1048576,"
	       "\"totalBytes\":4194304,\"layer\":2,\"layers\":3,"
	       "\"milliseconds\":"),
	    "on the way");
	ok(has("\"layer\":3,") && has(",\"done\":true}\n"), "and at the end");
}

int
main(void)
{
	int ends[2];

	program_invocation_short_name = (char *)"0095-progress";
	terminals();
	others();
	if (pipe(ends) < 0)
		return 1;
	ok(progress_reading(PROGRESS_AUTO, ends[0]) == PROGRESS_NEVER &&
		progress_reading(PROGRESS_JSON, ends[0]) == PROGRESS_JSON,
	    "who reads from a pipe leaves the terminal to its writer");
	return tap_end();
}
