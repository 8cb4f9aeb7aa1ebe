/* SPDX-License-Identifier: ISC */
/* The signals of whoever started this program. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/signals.h"

/* The signals that can be held: not faults, which are this program's own. */
static void
signals_all(sigset_t *set)
{
	const int faults[] = {
	    SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
	struct sigaction now;

	sigfillset(set);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		sigdelset(set, faults[i]);
	/* Held back, an ignored signal would come all the same. */
	for (int n = 1; n < NSIG; n++)
		if (sigaction(n, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
			sigdelset(set, n);
}

int
signals_hold(void)
{
	sigset_t all;
	int fd;

	signals_all(&all);
	fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &all, NULL) < 0)
		diesys("signalfd");
	return fd;
}

bool
signal_is_ending(int signal)
{
	return signal == SIGHUP || signal == SIGINT || signal == SIGQUIT ||
	       signal == SIGTERM;
}

void
signals_end(void)
{
	sigset_t pending;

	if (sigpending(&pending) < 0)
		diesys("sigpending");
	for (int n = 1; n < NSIG; n++)
		if (signal_is_ending(n) && sigismember(&pending, n)) {
			die_status = 128 + n;
			die("%s while the container was starting",
			    strsignal(n));
		}
}

int
signals_ending(void)
{
	sigset_t ending;

	sigemptyset(&ending);
	for (int n = 1; n < NSIG; n++)
		if (signal_is_ending(n))
			sigaddset(&ending, n);
	return signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
}

void
signals_forget(void)
{
	struct signalfd_siginfo s;
	int fd = signals_ending();

	while (fd >= 0 && read(fd, &s, sizeof s) == sizeof s)
		continue;
	if (fd >= 0)
		close(fd);
}

void
signals_wait(int signals, int fd)
{
	struct pollfd p[] = {
	    {.fd = fd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};

	for (;;) {
		signals_end();
		if (fd < 0)
			return;
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			diesys("poll");
		if (p[0].revents)
			return;
		/* The other signals stay where they are, and poll returns. */
		if (p[1].revents && poll(p, 1, 50) > 0)
			return;
	}
}
