/* SPDX-License-Identifier: ISC */
/* The first process of a container, beside its program. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/container/sync.h"
#include "run/init/attend.h"

static void
tell(int channel, int signal)
{
	struct sync_packet p = {SYNC_DIED, signal};

	if (write(channel, &p, sizeof p) != sizeof p)
		abort(); /* of this oci-run is told in any case */
}

/*
 * Wait until the program has been executed, which closes the pipe.  Or it has
 * ended: then it has no exit signal, see run/container/clone.h.
 */
void
attend_execution(pid_t program, int executed, int channel)
{
	siginfo_t info = {0};
	char byte;

	if (read(executed, &byte, 1) != 0)
		abort();
	if (waitid(P_PID, (id_t)program, &info, WEXITED | WNOWAIT | __WCLONE) ==
		0 &&
	    info.si_code != CLD_EXITED)
		tell(channel, info.si_status);
	close(executed);
	close(channel);
}

/* Reap all that has ended; true, and the status, when the program is of it. */
static bool
reap(pid_t program, int *status)
{
	bool over = false;
	pid_t pid;
	int how;

	while ((pid = waitpid(-1, &how, WNOHANG | __WALL)) > 0)
		if (pid == program) {
			over = true;
			*status = WIFEXITED(how) ? WEXITSTATUS(how)
						 : 128 + WTERMSIG(how);
		}
	if (pid < 0 && errno == ECHILD && !over) {
		*status = 125; /* somebody else has reaped it */
		over = true;
	}
	return over;
}

int
attend(pid_t program)
{
	int status = 0, sig = 0;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	while (!reap(program, &status))
		if (sigwait(&all, &sig) == 0 && sig != SIGCHLD)
			kill(program, sig);
	return status;
}
