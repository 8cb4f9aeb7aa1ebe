/* SPDX-License-Identifier: ISC */
/* What a process inherits from whoever started it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/die.h"

/*
 * Each is opened the wrong way round, so that using it fails as using a
 * closed one does.  Lower ones are open by then: the number is the next.
 */
static void
streams_open(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			diesys("/dev/null, for a standard stream that is "
			       "closed");
}

void
caller_settle(void)
{
	sigset_t none;

	streams_open();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGCHLD, SIG_DFL);
}
