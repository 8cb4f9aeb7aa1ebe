/* SPDX-License-Identifier: ISC */
/* A process of a container from its clone to its exec. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/become.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/container/launch.h"
#include "run/container/progress.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/spec/spec.h"

/* What may have sent the signal. */
static const char *
signal_hint(const struct spec *spec, int sig)
{
	if (sig == SIGKILL && spec->resources.memory_limit > 0)
		return "; is the limit of memory too low?";
	if (sig == SIGSYS && spec->seccomp)
		return "; does the seccomp filter allow what is needed for it?";
	return "";
}

void
launch_failed(const struct launch *l, int sig)
{
	const struct progress *p = l->become->progress;

	progress_print(p);
	if (p->status)
		die_said(p->status);
	if (!sig)
		sig = exit_signal(l->container->pidfd);
	if (sig)
		die("%s: killed by signal %d (%s) while %s%s",
		    l->container->state.id, sig, strsignal(sig), p->step,
		    signal_hint(l->spec, sig));
	die("%s: ended while %s", l->container->state.id, p->step);
}

void
launch_prepare(struct launch *l)
{
	int ends[2];

	sync_pair(ends);
	l->sync = ends[0];
	l->master = -1;
	l->become->sync = ends[1];
	l->become->progress = progress_new();
	/* An ordinary user's: not before newuidmap(1) has seen it. */
	if (geteuid() == 0)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void
launch_change(struct launch *l, int pid, int pidfd)
{
	struct container *c = l->container;

	signals_wait(l->signals, c->pidfd);
	exit_reap(c->pidfd);
	close(c->pidfd);
	c->pid = pid;
	c->pidfd = pidfd;
}

/* The exec closes the channel, but so does an end without one. */
void
launch_go(struct launch *l)
{
	const struct progress *p = l->become->progress;
	int sig;

	if (sync_send(l->sync, SYNC_GO, 0, -1) < 0)
		launch_failed(l, 0);
	signals_wait(l->signals, l->sync);
	sig = sync_end(l->sync);
	if (sig || p->status || !exit_has_executed(l->container->pidfd))
		launch_failed(l, sig);
	progress_print(p);
	close(l->sync);
}

void
launch_leave(struct launch *l)
{
	if (sync_send(l->sync, SYNC_WAIT, 0, -1) < 0)
		launch_failed(l, 0);
	progress_print(l->become->progress);
	close(l->sync);
}
