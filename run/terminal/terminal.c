/* SPDX-License-Identifier: ISC */
/* The user's side of a container's terminal. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "run/terminal/terminal.h"

static struct termios before;
static bool changed;

/*
 * make(1) runs its commands as one job, several at the same time: in raw mode
 * a ^C would be read by one of their containers, and make and the others not
 * hear of it.  A shell that was started below a make puts each command in a
 * process group of its own.
 */
static bool
command_of_make(void)
{
	const char *level = getenv("MAKELEVEL");

	return level && *level && getpgrp() != getpid();
}

bool
terminal_is_here(void)
{
	return isatty(0) && isatty(1) && isatty(2) &&
	       tcgetpgrp(0) == getpgrp() && !command_of_make();
}

/* Of one that doesn't control this process it learns of no foreground. */
bool
terminal_is_elsewhere(void)
{
	pid_t foreground = tcgetpgrp(0);

	return foreground > 0 && foreground != getpgrp();
}

void
terminal_raw(void)
{
	static bool registered;
	struct termios now, raw;

	if (terminal_is_elsewhere() || tcgetattr(0, &now) < 0)
		return;
	raw = now;
	cfmakeraw(&raw);
	if (tcsetattr(0, TCSADRAIN, &raw) < 0)
		return;
	if (!changed || now.c_lflag & ICANON)
		before = now; /* not what this program made it */
	changed = true;
	if (!registered)
		atexit(terminal_restore);
	registered = true;
}

void
terminal_restore(void)
{
	if (changed && !terminal_is_elsewhere())
		tcsetattr(0, TCSADRAIN, &before);
	changed = false;
}

void
terminal_resize(int master)
{
	struct winsize size;

	for (int fd = 0; fd < 3; fd++)
		if (ioctl(fd, TIOCGWINSZ, &size) == 0) {
			ioctl(master, TIOCSWINSZ, &size);
			return;
		}
}
