/* SPDX-License-Identifier: ISC */
/* Signals by name or number. */
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "run/container/signalname.h"

static const struct {
	const char *name;
	int number;
} names[] = {
    {"HUP", SIGHUP},
    {"INT", SIGINT},
    {"QUIT", SIGQUIT},
    {"ILL", SIGILL},
    {"TRAP", SIGTRAP},
    {"ABRT", SIGABRT},
    {"IOT", SIGIOT},
    {"BUS", SIGBUS},
    {"FPE", SIGFPE},
    {"KILL", SIGKILL},
    {"USR1", SIGUSR1},
    {"SEGV", SIGSEGV},
    {"USR2", SIGUSR2},
    {"PIPE", SIGPIPE},
    {"ALRM", SIGALRM},
    {"TERM", SIGTERM},
#ifdef SIGSTKFLT
    {"STKFLT", SIGSTKFLT},
#endif
    {"CHLD", SIGCHLD},
    {"CONT", SIGCONT},
    {"STOP", SIGSTOP},
    {"TSTP", SIGTSTP},
    {"TTIN", SIGTTIN},
    {"TTOU", SIGTTOU},
    {"URG", SIGURG},
    {"XCPU", SIGXCPU},
    {"XFSZ", SIGXFSZ},
    {"VTALRM", SIGVTALRM},
    {"PROF", SIGPROF},
    {"WINCH", SIGWINCH},
    {"IO", SIGIO},
    {"POLL", SIGIO},
    {"PWR", SIGPWR},
    {"SYS", SIGSYS},
};

/* A number of digits alone; -1: it is none, or too large for a signal. */
static int
number(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && digits < 4 && !text[digits] ? atoi(text) : -1;
}

static int
real_time(const char *text)
{
	int n = text[5] ? number(text + 6) : 0;

	if (n < 0 || n > SIGRTMAX - SIGRTMIN)
		return 0;
	if (strncasecmp(text, "RTMIN", 5) == 0 && (!text[5] || text[5] == '+'))
		return SIGRTMIN + n;
	if (strncasecmp(text, "RTMAX", 5) == 0 && (!text[5] || text[5] == '-'))
		return SIGRTMAX - n;
	return 0;
}

int
signal_number(const char *text)
{
	int n = number(text);

	if (n >= 0)
		return n <= SIGRTMAX ? n : 0;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	if (strncasecmp(text, "RTM", 3) == 0 && strlen(text) >= 5)
		return real_time(text);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(text, names[i].name) == 0)
			return names[i].number;
	return 0;
}
