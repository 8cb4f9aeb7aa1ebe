/* SPDX-License-Identifier: ISC */
/* Signals that end the program. */
#include "unpack/stop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/die.h"
#include "unpack/input/ring.h"

#define WAKE SIGUSR1

/*
 * A process's signals are its own, and so is this: written by the worker
 * before the thread that hears them is made, or atomic.  It lasts as long as
 * the process, as the ring does, which is the feed's and never freed.
 */
static struct {
	pthread_t worker;
	_Atomic(struct ring *) ring;
	atomic_int sig;     /* the first one */
	atomic_bool ending; /* the worker knows, or needn't */
} stop;

/* The signals that end the program, but for those that its parent ignored. */
static sigset_t
signals(void)
{
	static const int ends[] = {SIGHUP, SIGINT, SIGTERM};
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (!sigaction(ends[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaddset(&set, ends[i]);
	return set;
}

/*
 * The worker may be blocked in a write, or just about to be: it is woken until
 * it has heard.  Meanwhile the second signal may come.
 */
static int
wake_and_wait(const sigset_t *set)
{
	static const struct timespec pause = {.tv_nsec = 20000000};
	struct ring *ring;
	int sig;

	while (!stop.ending) {
		ring = stop.ring;
		if (ring)
			ring_fail(ring, "stopped by a signal");
		pthread_kill(stop.worker, WAKE);
		sig = sigtimedwait(set, NULL, &pause);
		if (sig > 0)
			return sig;
	}
	while (sigwait(set, &sig))
		;
	return sig;
}

static void *
hear(void *arg)
{
	sigset_t set = signals();
	int sig;

	(void)arg;
	while (sigwait(&set, &sig))
		;
	stop.sig = sig;
	sig = wake_and_wait(&set);
	signal(sig, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
	return NULL;
}

static void
wake(int sig)
{
	(void)sig;
}

void
stop_begin(void)
{
	struct sigaction interrupt = {.sa_handler = wake};
	sigset_t set = signals();
	pthread_t thread;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigaction(WAKE, &interrupt, NULL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	stop.worker = pthread_self();
	errno = pthread_create(&thread, NULL, hear, NULL);
	if (errno)
		diesys("thread");
	pthread_detach(thread);
}

void
stop_ring(struct ring *ring)
{
	stop.ring = ring;
}

void
stop_check(void)
{
	if (!stop.sig || stop.ending)
		return;
	stop.ending = true;
	die("stopped by a signal: %s", strsignal(stop.sig));
}

void
stop_ending(void)
{
	stop.ending = true;
}
