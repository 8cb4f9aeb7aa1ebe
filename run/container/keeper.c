/* SPDX-License-Identifier: ISC */
/* The keeper of a container's exit status. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "lib/syscalls.h"
#include "run/container/keeper.h"
#include "run/container/reaper.h"
#include "run/container/signals.h"
#include "run/log.h"

#define KEPT_FD 3 /* where oci-init has the file */

/* Of a keeper to be; -1: this process is none. */
static struct {
	int program, null, file, parent;
} keeper = {-1, -1, -1, -1};

/* Pass on the signals that end a program, until the child is done. */
static bool
child_await(pid_t child, int signals, int done)
{
	struct pollfd p[] = {
	    {.fd = done, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	struct signalfd_siginfo s;
	char byte;

	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			diesys("--keep-status: poll");
		if (p[1].revents & POLLIN && read(signals, &s, sizeof s) > 0 &&
		    signal_is_ending((int)s.ssi_signo))
			kill(child, (int)s.ssi_signo);
		if (p[0].revents)
			return read(done, &byte, 1) == 1;
	}
}

/* The child has said why. */
static _Noreturn void
child_failed(pid_t child)
{
	int how = 0;

	while (waitpid(child, &how, 0) < 0 && errno == EINTR)
		continue;
	die_said(WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how));
}

void
keeper_fork(const char *self)
{
	int done[2], signals;
	sigset_t before;
	pid_t child;

	keeper.program = reaper_find(self, "--keep-status");
	keeper.null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (keeper.null < 0 || pipe2(done, O_CLOEXEC) < 0 ||
	    sigprocmask(SIG_SETMASK, NULL, &before) < 0)
		diesys("--keep-status");
	signals = signals_hold();
	child = fork();
	if (child < 0)
		diesys("--keep-status: fork");
	if (child > 0) {
		close(done[1]);
		if (!child_await(child, signals, done[0]))
			child_failed(child);
		exit(0);
	}
	/* Should the parent be killed, this is undone. */
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	close(signals);
	close(done[0]);
	keeper.parent = done[1];
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void
keeper_file(int dir)
{
	if (keeper.parent < 0)
		return;
	/* A killed creator may have left one. */
	unlinkat(dir, STATE_EXIT, 0);
	keeper.file = openat(
	    dir, STATE_EXIT, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (keeper.file < 0 || flock(keeper.file, LOCK_EX | LOCK_NB) < 0)
		diesys("--keep-status: " STATE_EXIT);
}

/* Nothing of whoever started this is held on to for as long as it takes. */
static void
descriptors_drop(void)
{
	for (int fd = 0; fd < KEPT_FD; fd++)
		dup2(keeper.null, fd);
	if (keeper.file != KEPT_FD)
		dup2(keeper.file, KEPT_FD);
	fcntl(KEPT_FD, F_SETFD, 0);
}

void
keeper_leave(pid_t pid)
{
	char *argv[] = {(char *)"oci-init", (char *)"--keep",
	    xasprintf("%d", (int)pid), NULL};
	char *env[] = {NULL};
	int program;

	if (keeper.parent < 0)
		return;
	prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
	log_end();
	program = fcntl(keeper.program, F_DUPFD_CLOEXEC, KEPT_FD + 1);
	keeper.parent = fcntl(keeper.parent, F_DUPFD_CLOEXEC, KEPT_FD + 1);
	setsid();
	if (chdir("/") < 0 || program < 0 || keeper.parent < 0)
		diesys("--keep-status");
	if (io_write(keeper.parent, "", 1) < 0)
		diesys("--keep-status: pipe");
	descriptors_drop();
	close_range(KEPT_FD + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	fexecve(program, argv, env);
	_exit(1);
}

int
keeper_open(int dir)
{
	return openat(dir, STATE_EXIT,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int
keeper_wait(int file)
{
	while (flock(file, LOCK_SH) < 0)
		if (errno != EINTR)
			diesys(STATE_EXIT);
	return state_exit_read(file);
}
