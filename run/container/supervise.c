/* SPDX-License-Identifier: ISC */
/* A container in the foreground. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/exit.h"
#include "run/container/heed.h"
#include "run/container/notify.h"
#include "run/container/signals.h"
#include "run/container/supervise.h"
#include "run/terminal/relay.h"
#include "run/terminal/terminal.h"

#define INSISTING 3 /* of them */
#define INSISTING_SECONDS 5

#define OTHER_FDS 3 /* than the relay's */

/* When the last of SIGINT and SIGTERM came, the oldest first. */
struct insistence {
	int64_t at[INSISTING];
};

/*
 * Whether the user wants an end, whatever the program makes of its signals:
 * as process 1 it may well do nothing about them.
 */
static bool
insists(struct insistence *in, int signal)
{
	struct timespec now;

	if (signal != SIGINT && signal != SIGTERM)
		return false;
	clock_gettime(CLOCK_BOOTTIME, &now);
	memmove(in->at, in->at + 1, sizeof in->at - sizeof *in->at);
	in->at[INSISTING - 1] = now.tv_sec + 1; /* 0: none so far */
	return *in->at && now.tv_sec + 1 - *in->at < INSISTING_SECONDS;
}

/*
 * SIGTSTP and its kind go to the container too: stopping this program alone
 * would leave the container running behind a prompt.  True when one came that
 * ends a program.
 */
static bool
signals_pass(int signals, int pidfd, struct relay *relay, struct insistence *in)
{
	struct signalfd_siginfo s;
	bool end = false;

	while (read(signals, &s, sizeof s) == sizeof s) {
		if (s.ssi_signo == SIGCONT)
			relay_continue(relay);
		if (s.ssi_signo == SIGWINCH && relay_is_open(relay))
			terminal_resize(relay->master);
		if (s.ssi_signo == SIGCHLD || s.ssi_signo == SIGPIPE ||
		    (s.ssi_signo == SIGWINCH && relay_is_open(relay)))
			continue;
		if (insists(in, s.ssi_signo))
			s.ssi_signo = SIGKILL;
		syscall(SYS_pidfd_send_signal, pidfd, s.ssi_signo, NULL, 0);
		end |= signal_is_ending(s.ssi_signo);
	}
	return end;
}

/*
 * The terminal is gone, and the kernel has sent SIGHUP to who leads its
 * session.  That ends a program, but not the first process of a pid namespace,
 * which would go on for nobody.
 */
static void
session_end(pid_t pid, int pidfd)
{
	if (!process_heeds(pid, SIGHUP))
		syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

/* Nothing else that it may say is for the caller's: there it closes. */
static void
notify_move(int *notify, const struct pollfd *p)
{
	if (!p->revents || !notify_hears(*notify))
		return;
	notify_pass(0);
	close(*notify);
	*notify = -1;
}

int
supervise(int signals, pid_t pid, int pidfd, int master, int notify)
{
	struct pollfd p[OTHER_FDS + RELAY_FDS];
	struct insistence insistence = {0};
	struct relay relay;
	bool ended = false, open;
	int wait;

	relay_begin(&relay, master);
	while (!ended || relay_is_open(&relay)) {
		p[0] = (struct pollfd){.fd = signals, .events = POLLIN};
		p[1] =
		    (struct pollfd){.fd = ended ? -1 : pidfd, .events = POLLIN};
		p[2] = (struct pollfd){.fd = notify, .events = POLLIN};
		wait = relay_wants(&relay, p + OTHER_FDS);
		if (poll(p, OTHER_FDS + RELAY_FDS, wait) < 0) {
			if (errno != EINTR)
				diesys("poll");
			continue;
		}
		/* What is left of the output may be for nobody. */
		if (p[0].revents &&
		    signals_pass(signals, pidfd, &relay, &insistence) && ended)
			break;
		open = relay_is_open(&relay);
		notify_move(&notify, &p[2]);
		relay_move(&relay, p + OTHER_FDS);
		if (open && !relay_is_open(&relay) && !ended)
			session_end(pid, pidfd);
		if (p[1].revents) {
			ended = true;
			relay_end(&relay);
		}
	}
	return exit_wait(pidfd);
}
