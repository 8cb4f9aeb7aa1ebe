/* SPDX-License-Identifier: ISC */
/* A container in the foreground. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
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

static void
interrupted(void)
{
	const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	sigset_t pending;

	if (sigpending(&pending) < 0)
		diesys("sigpending");
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (sigismember(&pending, ends[i])) {
			die_status = 128 + ends[i];
			die("%s while the container was starting",
			    strsignal(ends[i]));
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

static void
end_wait(int pidfd, siginfo_t *info, int how)
{
	*info = (siginfo_t){0};
	while (waitid(P_PIDFD, pidfd, info, WEXITED | how) < 0)
		if (errno != EINTR)
			diesys("waiting for the container");
}

int
process_wait(int pidfd)
{
	siginfo_t info;

	end_wait(pidfd, &info, 0);
	return info.si_code == CLD_EXITED ? info.si_status
					  : 128 + info.si_status;
}

int
process_signal(int pidfd)
{
	siginfo_t info;

	end_wait(pidfd, &info, WNOWAIT);
	return info.si_code == CLD_EXITED ? 0 : info.si_status;
}

/*
 * SIGTSTP and its kind go to the container too: stopping this program alone
 * would leave the container running behind a prompt.
 */
static void
signals_pass(int signals, int pidfd, int master)
{
	struct signalfd_siginfo s;

	while (read(signals, &s, sizeof s) == sizeof s) {
		if (s.ssi_signo == SIGWINCH && master >= 0)
			terminal_resize(master);
		if (s.ssi_signo == SIGCHLD || s.ssi_signo == SIGPIPE ||
		    (s.ssi_signo == SIGWINCH && master >= 0))
			continue;
		syscall(SYS_pidfd_send_signal, pidfd, s.ssi_signo, NULL, 0);
	}
}

int
supervise(int signals, int pidfd, int master)
{
	struct relay relay;
	int status;

	relay_begin(&relay, master);
	for (;;) {
		struct pollfd p[] = {
		    {.fd = signals, .events = POLLIN},
		    {.fd = pidfd, .events = POLLIN},
		    {.fd = relay.output_open ? master : -1,
			.events = relay_master_events(&relay)},
		    {.fd = relay_input_events(&relay) ? 0 : -1,
			.events = POLLIN},
		};

		if (poll(p, 4, -1) < 0 && errno != EINTR)
			diesys("poll");
		if (p[0].revents)
			signals_pass(signals, pidfd, master);
		if (p[2].revents)
			relay_master(&relay, p[2].revents);
		if (p[3].revents)
			relay_input(&relay);
		if (p[1].revents)
			break;
	}
	status = process_wait(pidfd);
	relay_drain(&relay);
	return status;
}
