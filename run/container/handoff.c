/* SPDX-License-Identifier: ISC */
/* A descriptor for whoever listens on a Unix socket of the command line. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/handoff.h"
#include "run/container/signals.h"
#include "run/container/sync.h"

#define CONNECT_MS 20

void
handoff_send(
    const char *option, const char *path, const char *text, int fd, int signals)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int r;

	if (strlen(path) >= sizeof to.sun_path)
		die("%s: %s: longer than %zu bytes", option, path,
		    sizeof to.sun_path - 1);
	strcpy(to.sun_path, path);
	/* Too many wait there already: nothing tells when one is taken. */
	while ((r = connect(s, (struct sockaddr *)&to, sizeof to)) < 0 &&
	       errno == EAGAIN) {
		signals_wait(signals, -1);
		poll(NULL, 0, CONNECT_MS);
	}
	if (s < 0 || r < 0 || sync_hand(s, text, strlen(text), fd) < 0)
		diesys("%s: %s", option, path);
	close(s);
}
