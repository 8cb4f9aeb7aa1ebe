/* SPDX-License-Identifier: ISC */
/* A process of a container from its clone to its exec. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/become.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/container/launch.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/spec/spec.h"

void
launch_failed(const struct launch *l, enum sync_message m, int status)
{
	int sig = m == SYNC_DIED ? 0 : exit_signal(l->container->pidfd);
	int64_t limit = l->spec->resources.memory_limit;

	if (sig)
		die("%s: killed by signal %d (%s) while %s%s",
		    l->container->state.id, sig, strsignal(sig),
		    *l->become->step,
		    sig == SIGKILL && limit > 0
			? "; is the limit of memory too low?"
			: "");
	die_said(m == SYNC_DIED ? status : die_status);
}

/* A place that parent and child share, for what the child is at. */
static const char **
step_new(void)
{
	const char **step = mmap(NULL, sizeof *step, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (step == MAP_FAILED)
		diesys("memory to share with the container's process");
	*step = "it was cloned";
	return step;
}

void
launch_prepare(struct launch *l)
{
	int ends[2];

	sync_pair(ends);
	l->sync = ends[0];
	l->master = -1;
	l->become->sync = ends[1];
	l->become->step = step_new();
	/* An ordinary user's: not before newuidmap(1) has seen it. */
	if (geteuid() == 0)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* A message after SYNC_GO tells that the exec failed. */
void
launch_go(struct launch *l)
{
	enum sync_message m;
	int value = 0;

	if (sync_send(l->sync, SYNC_GO, 0, -1) < 0)
		launch_failed(l, SYNC_END, 0);
	signals_wait(l->signals, l->sync);
	m = sync_receive(l->sync, &value, NULL);
	if (m != SYNC_END)
		launch_failed(l, m, value);
	close(l->sync);
}

void
launch_leave(struct launch *l)
{
	if (sync_send(l->sync, SYNC_WAIT, 0, -1) < 0)
		launch_failed(l, SYNC_END, 0);
	close(l->sync);
}
