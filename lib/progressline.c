/* SPDX-License-Identifier: ISC */
/* A line on the terminal that is drawn again and again in its place. */
#include "lib/progressline.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/die.h"

#define CLEAR "\r\033[K"

/* Those by which a person, or a terminal that goes, ends a program. */
static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

static volatile sig_atomic_t drawn;
static struct sigaction before[sizeof ends / sizeof *ends];

void
progressline_put(const char *text, size_t n)
{
	sigset_t pipe_only, old, pending;
	bool was_pending;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_only, &old);
	if (write(2, text, n) < 0 && errno == EPIPE && !was_pending)
		sigtimedwait(&pipe_only, NULL, &(struct timespec){0});
	sigprocmask(SIG_SETMASK, &old, NULL);
}

bool
progressline_may(void)
{
	pid_t group = tcgetpgrp(2);

	return group < 0 || group == getpgrp();
}

void
progressline_clear(void)
{
	if (drawn && progressline_may())
		progressline_put(CLEAR, sizeof CLEAR - 1);
	drawn = false;
}

/* A message takes the place of the line, which comes again behind it. */
static void
message(enum die_level level, const char *line, size_t n)
{
	(void)level;
	progressline_clear();
	die_standard_error(level, line, n);
}

/*
 * The shell's prompt would come into what is left of the line.  Then it is as
 * if this had not been here: whoever had the signal before gets it again.
 */
static void
on_signal(int sig)
{
	int error = errno;

	if (drawn && progressline_may() &&
	    write(2, CLEAR, sizeof CLEAR - 1) >= 0)
		drawn = false;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends[i] == sig)
			sigaction(sig, &before[i], NULL);
	errno = error;
	raise(sig);
}

void
progressline_begin(void)
{
	struct sigaction sa = {.sa_handler = on_signal, .sa_flags = SA_NODEFER};

	die_sink(message);
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (sigaction(ends[i], NULL, &before[i]) == 0 &&
		    before[i].sa_handler != SIG_IGN &&
		    before[i].sa_handler != on_signal)
			sigaction(ends[i], &sa, NULL);
	}
}

void
progressline_draw(const char *text, size_t n)
{
	struct buf b = {0};

	buf_adds(&b, CLEAR);
	buf_add(&b, text, n);
	buf_adds(&b, "\r");
	progressline_put(b.data, b.len);
	drawn = true;
	buf_free(&b);
}
