/* SPDX-License-Identifier: ISC */
/* A password, asked for at the terminal. */
#include "fetch/auth/password.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/text.h"

#define TERMINAL "/dev/tty"
#define PASSWORD_MAX 4096

static int terminal = -1;
static struct termios before; /* what the terminal is put back to */

bool
password_can_be_asked(void)
{
	int fd = open(TERMINAL, O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void
restore(void)
{
	tcsetattr(terminal, TCSAFLUSH, &before);
}

/* As the signal would have it, with the terminal as it was. */
static void
ended(int sig)
{
	restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
hide(void)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	struct sigaction action = {.sa_handler = ended}, now;
	struct termios silent;

	if (tcgetattr(terminal, &before) < 0)
		diesys(TERMINAL);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (sigaction(signals[i], NULL, &now) == 0 &&
		    now.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	signal(SIGTSTP, SIG_IGN); /* whoever comes back would type in sight */
	silent = before;
	silent.c_lflag &= (tcflag_t)~ECHO;
	silent.c_lflag |= ICANON | ECHONL;
	if (tcsetattr(terminal, TCSAFLUSH, &silent) < 0)
		diesys(TERMINAL);
}

/* A line without its end; NULL: the user has sent the end of the file. */
static char *
line_read(void)
{
	struct buf b = {0};
	char c;
	ssize_t n;

	while ((n = io_some(terminal, &c, 1)) > 0 && c != '\n') {
		if (b.len == PASSWORD_MAX)
			die("the password is longer than %d bytes",
			    PASSWORD_MAX);
		buf_addc(&b, c);
	}
	if (n < 0)
		diesys(TERMINAL);
	if (n == 0 && b.len == 0)
		return NULL;
	return buf_take(&b);
}

char *
password_ask(const char *user, const char *host)
{
	char *question = xasprintf("Password of %s at %s: ", user, host);
	char *password;

	terminal = open(TERMINAL, O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (terminal < 0)
		diesys(TERMINAL);
	text_safe(question);
	hide();
	if (io_write(terminal, question, strlen(question)) < 0) {
		restore();
		diesys(TERMINAL);
	}
	password = line_read();
	restore();
	close(terminal);
	free(question);
	if (!password)
		die("no password was given for %s", user);
	return password;
}
