/* SPDX-License-Identifier: ISC */
/* A container in the foreground. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/exit.h"
#include "run/container/signals.h"
#include "run/container/supervise.h"
#include "run/terminal/relay.h"
#include "run/terminal/terminal.h"

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
		end |= signal_is_ending(s.ssi_signo);
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
	return exit_wait(pidfd);
}
