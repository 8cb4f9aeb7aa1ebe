/* SPDX-License-Identifier: ISC */
/* A container's first process from its clone to its exec. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/cgroup/cgroup.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/container/idmap.h"
#include "run/container/init.h"
#include "run/container/launch.h"
#include "run/container/namespaces.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/process/procfs.h"
#include "run/spec/spec.h"

/*
 * The process died before its program ran, and its last message was m: it has
 * said why, unless it was killed.
 */
static _Noreturn void
failed(const struct launch *l, enum sync_message m, int status)
{
	int sig = m == SYNC_DIED ? 0 : exit_signal(l->container->pidfd);
	int64_t limit = l->init->spec->resources.memory_limit;

	if (sig)
		die("%s: killed by signal %d (%s) while %s%s",
		    l->container->state.id, sig, strsignal(sig),
		    *l->init->become.step,
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
launch_clone(struct launch *l)
{
	struct container *c = l->container;
	int ends[2];

	sync_pair(ends);
	l->init->become.step = step_new();
	/*
	 * Nobody who shares a namespace with it may trace the child.  An
	 * ordinary user's can't be hidden before newuidmap(1) has seen it.
	 */
	if (geteuid() == 0)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	c->pid = namespaces_clone(
	    l->init->namespaces, cgroup_clone_fd(c->cgroup), &c->pidfd);
	if (c->pid == 0) {
		close(ends[0]); /* its end tells the child of a dead parent */
		l->init->become.sync = ends[1];
		init_run(l->init);
	}
	close(ends[1]);
	l->sync = ends[0];
}

void
launch_settle(struct launch *l)
{
	const struct spec *spec = l->init->spec;
	enum sync_message m;
	int value, fd;

	l->master = -1;
	procfs_oom_score(spec, l->container->pid);
	if (spec_namespace(spec, CLONE_NEWUSER)) {
		idmaps_write(spec, l->container->pid);
		sync_send(l->sync, SYNC_MAPPED, 0, -1);
	}
	for (;;) {
		signals_wait(l->signals, l->sync);
		m = sync_receive(l->sync, &value, &fd);
		if (m == SYNC_READY)
			return;
		if (m != SYNC_CONSOLE)
			failed(l, m, value);
		l->master = fd;
	}
}

/* A message after SYNC_GO tells that the exec failed. */
void
launch_go(struct launch *l)
{
	enum sync_message m;
	int value = 0;

	if (sync_send(l->sync, SYNC_GO, 0, -1) < 0)
		failed(l, SYNC_END, 0);
	signals_wait(l->signals, l->sync);
	m = sync_receive(l->sync, &value, NULL);
	if (m != SYNC_END)
		failed(l, m, value);
	close(l->sync);
}

void
launch_leave(struct launch *l)
{
	if (sync_send(l->sync, SYNC_WAIT, 0, -1) < 0)
		failed(l, SYNC_END, 0);
	close(l->sync);
}
