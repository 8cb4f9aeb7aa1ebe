/* SPDX-License-Identifier: ISC */
/* Signals that end the program, once there is something to undo. */
#include "bundle/stop.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

/* Who is to be told, and the signal that was to end us. */
static volatile sig_atomic_t child, ended_by, late;

/*
 * Whoever ends this program means oci-unpack too.  What comes from a terminal
 * (SI_KERNEL) has gone to both; a second one from us would end it at once,
 * with what it had unpacked still there.
 */
static void
on_signal(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code <= 0 && child > 0 && !late)
		kill(child, sig);
	ended_by = sig;
}

void
stop_begin(void)
{
	struct sigaction sa = {.sa_flags = SA_SIGINFO | SA_RESETHAND}, old;

	sa.sa_sigaction = on_signal;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!sigaction(signals[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

void
stop_child(pid_t pid)
{
	child = pid;
}

void
stop_block(int block)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(block ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

void
stop_late(void)
{
	late = true;
}

void
stop_check(void)
{
	if (ended_by)
		exit(1);
}

void
stop_raise(void)
{
	if (!ended_by)
		return;
	signal(ended_by, SIG_DFL);
	raise(ended_by);
}
