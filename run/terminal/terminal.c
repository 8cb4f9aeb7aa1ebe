/* SPDX-License-Identifier: ISC */
/* The user's side of a container's terminal. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/terminal/terminal.h"

#define CONNECT_MS 20

static struct termios before;
static bool changed;

bool
terminal_is_here(void)
{
	return isatty(0) && isatty(1) && isatty(2) && tcgetpgrp(0) == getpgrp();
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

void
terminal_send(const char *path, int master, int signals)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int r;

	if (strlen(path) >= sizeof to.sun_path)
		die("--console-socket: %s: longer than %zu bytes", path,
		    sizeof to.sun_path - 1);
	strcpy(to.sun_path, path);
	/* Too many wait there already: nothing tells when one is taken. */
	while ((r = connect(s, (struct sockaddr *)&to, sizeof to)) < 0 &&
	       errno == EAGAIN) {
		signals_wait(signals, -1);
		poll(NULL, 0, CONNECT_MS);
	}
	if (s < 0 || r < 0 || sync_send(s, SYNC_CONSOLE, 0, master) < 0)
		diesys("--console-socket: %s", path);
	close(s);
}
