/* SPDX-License-Identifier: ISC */
/* A container in the foreground. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/relay.h"
#include "run/supervise.h"
#include "run/terminal.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* Those that can be held: not faults, which are this program's own. */
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

/* Those that end a program that does nothing about them. */
static bool
is_ending(int signal)
{
	return signal == SIGHUP || signal == SIGINT || signal == SIGQUIT ||
	       signal == SIGTERM;
}

static void
interrupted(void)
{
	sigset_t pending;

	if (sigpending(&pending) < 0)
		diesys("sigpending");
	for (int n = 1; n < NSIG; n++)
		if (is_ending(n) && sigismember(&pending, n)) {
			die_status = 128 + n;
			die("%s while the container was starting",
			    strsignal(n));
		}
}

void
signals_wait(int signals, int fd)
{
	struct pollfd p[] = {
	    {.fd = fd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};

	for (;;) {
		interrupted();
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

static int
end_wait(int pidfd, siginfo_t *info, int how)
{
	int r;

	*info = (siginfo_t){0};
	do
		r = waitid(P_PIDFD, pidfd, info, WEXITED | how);
	while (r < 0 && errno == EINTR);
	return r;
}

int
process_wait(int pidfd)
{
	siginfo_t info;

	if (end_wait(pidfd, &info, 0) < 0)
		diesys("waitid: waiting for the container");
	return info.si_code == CLD_EXITED ? info.si_status
					  : 128 + info.si_status;
}

void
process_reap(int pidfd)
{
	siginfo_t info;

	end_wait(pidfd, &info, 0);
}

int
process_signal(int pidfd)
{
	siginfo_t info;

	if (end_wait(pidfd, &info, WNOWAIT) < 0)
		return 0;
	return info.si_code == CLD_EXITED ? 0 : info.si_status;
}

/*
 * SIGTSTP and its kind go to the container too: stopping this program alone
 * would leave the container running behind a prompt.  True when one came that
 * ends a program.
 */
static bool
signals_pass(int signals, int pidfd, int master)
{
	struct signalfd_siginfo s;
	bool end = false;

	while (read(signals, &s, sizeof s) == sizeof s) {
		if (s.ssi_signo == SIGWINCH && master >= 0)
			terminal_resize(master);
		if (s.ssi_signo == SIGCHLD || s.ssi_signo == SIGPIPE ||
		    (s.ssi_signo == SIGWINCH && master >= 0))
			continue;
		syscall(SYS_pidfd_send_signal, pidfd, s.ssi_signo, NULL, 0);
		end |= is_ending(s.ssi_signo);
	}
	return end;
}

int
supervise(int signals, int pidfd, int master)
{
	struct pollfd p[2 + RELAY_FDS];
	struct relay relay;
	bool ended = false;
	int wait;

	relay_begin(&relay, master);
	while (!ended || relay_is_open(&relay)) {
		p[0] = (struct pollfd){.fd = signals, .events = POLLIN};
		p[1] =
		    (struct pollfd){.fd = ended ? -1 : pidfd, .events = POLLIN};
		wait = relay_wants(&relay, p + 2);
		if (poll(p, 2 + RELAY_FDS, wait) < 0) {
			if (errno != EINTR)
				diesys("poll");
			continue;
		}
		/* What is left of the output may be for nobody. */
		if (p[0].revents &&
		    signals_pass(signals, pidfd, relay.master) && ended)
			break;
		relay_move(&relay, p + 2);
		if (p[1].revents) {
			ended = true;
			relay_end(&relay);
		}
	}
	return process_wait(pidfd);
}
