/* SPDX-License-Identifier: ISC */
/* A container's first process up to where only its exec is left. */
#include <sched.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/cgroup/cgroup.h"
#include "run/container/become.h"
#include "run/container/clone.h"
#include "run/container/container.h"
#include "run/container/first.h"
#include "run/container/idmap.h"
#include "run/container/init.h"
#include "run/container/launch.h"
#include "run/container/namespaces.h"
#include "run/container/place.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/hooks/hooks.h"
#include "run/process/procfs.h"
#include "run/process/user.h"
#include "run/spec/spec.h"

/*
 * In new namespaces; or one that joins a user namespace and clones the first
 * process from in there, which is then in the same cgroup.
 */
static pid_t
clone_one(const struct namespaces *n, int into, int *pidfd)
{
	pid_t pid;

	if (!n->user_joined)
		return namespaces_clone(n, into, pidfd);
	pid = clone_process(0, into, pidfd);
	if (pid < 0)
		diesys("clone");
	return pid;
}

static void
clone_into(struct launch *l, struct init *init)
{
	struct container *c = l->container;
	int into = cgroup_clone_fd(c->cgroup);

	c->pid = clone_one(init->namespaces, into, &c->pidfd);
	if (c->pid > 0 && into >= 0 && clone_is_lost(c->pid, c->pidfd)) {
		c->pid = 0;
		c->pidfd = -1;
		cgroup_clone_apart(c->cgroup);
		c->pid = clone_one(init->namespaces, -1, &c->pidfd);
	}
	if (c->pid == 0) {
		close(l->sync); /* its end tells the child of a dead parent */
		if (init->namespaces->user_joined)
			init_join(init);
		init_run(init);
	}
	close(l->become->sync);
}

/*
 * Into its user namespace, which is there already, this process could go, but
 * not come back.
 */
void
first_clone(struct launch *l, struct init *init)
{
	int pid, pidfd;

	launch_prepare(l);
	clone_into(l, init);
	if (!init->namespaces->user_joined)
		return;
	signals_wait(l->signals, l->sync);
	if (sync_receive(l->sync, &pid, &pidfd) != SYNC_JOINED)
		launch_failed(l, 0);
	launch_change(l, pid, pidfd);
}

/*
 * The maps of the user namespace, and the streams.  Those are not of that
 * namespace: from in there nobody could give them to the program's user.
 */
static void
user_namespace_make(const struct launch *l, const struct spec *spec)
{
	uid_t uid = idmap_outside(spec, spec->process.uid);

	if (!spec_namespace(spec, CLONE_NEWUSER)->path)
		idmaps_write(spec, l->container->pid);
	if (!spec->process.terminal && uid != (uid_t)-1)
		user_streams(uid);
	sync_send(l->sync, SYNC_MAPPED, 0, -1);
}

/* The container's namespaces are there: those of the host that want them. */
static void
hooks_create(const struct launch *l)
{
	const struct container *c = l->container;

	hooks_run(c->hooks, HOOK_PRESTART, &c->state, c->pid, c->pidfd);
	hooks_run(c->hooks, HOOK_CREATE_RUNTIME, &c->state, c->pid, c->pidfd);
	if (sync_send(l->sync, SYNC_HOOKED, 0, -1) < 0)
		launch_failed(l, 0);
}

static void
time_set(const struct launch *l)
{
	procfs_time_offsets(l->spec, l->container->pid);
	if (sync_send(l->sync, SYNC_TIME, 0, -1) < 0)
		launch_failed(l, 0);
}

static void
devices_hold(const struct launch *l)
{
	cgroup_devices(l->container->cgroup);
	if (sync_send(l->sync, SYNC_MOUNTED, 0, -1) < 0)
		launch_failed(l, 0);
}

void
first_settle(struct launch *l)
{
	const struct spec *spec = l->spec;
	const struct namespace_spec *user;
	enum sync_message m;
	int value, fd;

	user = spec_namespace(spec, CLONE_NEWUSER);
	if (!user || !user->path)
		procfs_oom_score(spec, l->container->pid);
	if (user)
		user_namespace_make(l, spec);
	for (;;) {
		signals_wait(l->signals, l->sync);
		m = sync_receive(l->sync, &value, &fd);
		if (m == SYNC_READY)
			return;
		if (m == SYNC_PLACE)
			place_open(l, value);
		else if (m == SYNC_CONSOLE)
			l->master = fd;
		else if (m == SYNC_TIME)
			time_set(l);
		else if (m == SYNC_MOUNTED)
			devices_hold(l);
		else if (m == SYNC_HOOKS)
			hooks_create(l);
		else
			launch_failed(l, 0);
	}
}
