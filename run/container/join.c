/* SPDX-License-Identifier: ISC */
/*
 * A process that joins a container.  join_run below is what the first of the
 * two does, in order, joined_run what the second one does.  The order matters:
 *
 * - the cgroups come first, so that all of it is held to the container's
 *   limits, and while their files can be written to by the parent's rights;
 * - the namespaces are joined by the pidfd of the container's process, in one
 *   call: it is that process's or nobody's, and one that the user namespace
 *   doesn't own can be joined;
 * - that of mounts comes after, by a descriptor: until then the host's /proc is
 *   "/proc", and what is needed of the image is looked up below its root's
 *   descriptor, where a link leads nowhere else;
 * - nothing of the host's is open, and nobody may trace, when the second
 *   process begins, which is the first that the container can see;
 * - then it becomes the program like a container's first process (become.c).
 */
#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/clone.h"
#include "run/container/container.h"
#include "run/container/join.h"
#include "run/container/launch.h"
#include "run/container/parent.h"
#include "run/container/progress.h"
#include "run/container/signals.h"
#include "run/process/descriptors.h"
#include "run/process/home.h"
#include "run/process/process.h"
#include "run/process/procfs.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"
#include "run/terminal/console.h"

/* All but the streams and what either process needs. */
static void
descriptors_settle(struct join *j, int slave, bool joined)
{
	int keep[5] = {j->become.sync, slave}, n = 2;

	if (!joined) {
		keep[n++] = j->container->pidfd;
		keep[n++] = j->mount;
		keep[n++] = j->root;
	}
	descriptors_keep(j->preserve_fds, keep, n);
}

/* With the id 0 there, or as it is where 0 is not mapped. */
static void
namespaces_join(struct join *j)
{
	int flags = j->namespaces & ~CLONE_NEWNS;

	if (flags && setns(j->container->pidfd, flags) < 0)
		diesys("%s: its namespaces can't be joined",
		    j->container->state.id);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (!(flags & CLONE_NEWUSER))
		return;
	if ((setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) &&
	    errno != EINVAL)
		diesys("user namespace");
	become_hidden(&j->become);
}

/* The root is the process's: it may have another than the namespace has. */
static void
mounts_join(struct join *j)
{
	if (j->mount >= 0 && setns(j->mount, CLONE_NEWNS) < 0)
		diesys(
		    "%s: its mounts can't be joined", j->container->state.id);
	if (fchdir(j->root) < 0 || chroot(".") < 0)
		diesys("%s: its root can't be entered", j->container->state.id);
}

/* Returns the slave of a new terminal, or -1. */
static int
terminal_open(const struct process_spec *p, const struct root *root)
{
	int master, slave;

	if (!p->terminal)
		return -1;
	slave = console_open(p, root, &master);
	parent_tell(SYNC_CONSOLE, 0, master);
	close(master);
	return slave;
}

static _Noreturn void
joined_run(struct join *j, int slave)
{
	parent_watch(j->become.sync, j->become.progress);
	parent_says(SYNC_JOINED);
	process_kernel(j->spec);
	if (j->new_keyring)
		process_keyring();
	setsid();
	if (slave >= 0)
		console_take(slave);
	become_user(&j->become);
	j->become.progress->step = "its program was executed";
	parent_leave();
	parent_tell(SYNC_READY, 0, -1);
	parent_says(SYNC_GO);
	parent_silence();
	become_program(&j->become);
}

/* The process itself, which is a child of this one's parent. */
static _Noreturn void
joined_clone(struct join *j, int slave)
{
	int pidfd;
	pid_t pid;

	descriptors_settle(j, slave, true);
	pid = clone_process(CLONE_PARENT, -1, &pidfd);
	if (pid < 0)
		diesys("clone: a process in the container%s",
		    errno == EAGAIN ? " (is there a limit of processes on "
				      "its cgroup or user?)"
				    : "");
	if (pid == 0)
		joined_run(j, slave);
	parent_tell(SYNC_JOINED, pid, pidfd);
	_exit(0);
}

static _Noreturn void
join_run(struct join *j)
{
	struct process_spec *process = &j->spec->process;
	struct root root = {.fd = j->root};
	int slave;

	parent_watch(j->become.sync, j->become.progress);
	process_signals();
	procfs_oom_score(j->spec, getpid());
	/* From here on no process of a joined namespace may look into it. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	j->become.progress->step = "its cgroups were entered";
	cgroup_entries_enter(&j->cgroups);
	affinity_finish(&process->affinity);
	descriptors_settle(j, -1, false);
	j->become.progress->step = "its namespaces were joined";
	namespaces_join(j);
	j->become.groups_denied = procfs_groups_denied();
	home_set(process, &root);
	become_hidden(&j->become);
	slave = terminal_open(process, &root);
	mounts_join(j);
	joined_clone(j, slave);
}

/* The first process is done, and there is another one. */
static void
change(struct launch *l, pid_t pid, int pidfd)
{
	launch_change(l, pid, pidfd);
	if (sync_send(l->sync, SYNC_JOINED, 0, -1) < 0)
		launch_failed(l, 0);
}

/*
 * Into the cgroup of v2, which takes a tenth of the time that it takes to enter
 * it; but where that can't be, entering may be possible, or tell why not.
 */
static pid_t
joiner_clone(struct cgroup_entries *cgroups, int *pidfd)
{
	int into = cgroup_entries_clone_fd(cgroups);
	pid_t pid;

	cgroups->cloned = into >= 0;
	if (cgroups->cloned) {
		pid = clone_process(0, into, pidfd);
		if (pid == 0 || (pid > 0 && !clone_is_lost(pid, *pidfd)))
			return pid;
	}
	cgroups->cloned = false;
	pid = clone_process(0, -1, pidfd);
	if (pid < 0)
		diesys("clone");
	return pid;
}

void
join_clone(struct launch *l, struct join *j)
{
	struct container *c = l->container;
	enum sync_message m;
	int value, fd;

	launch_prepare(l);
	affinity_begin(&j->spec->process.affinity);
	c->pid = joiner_clone(&j->cgroups, &c->pidfd);
	if (c->pid == 0) {
		close(l->sync);
		join_run(j);
	}
	close(l->become->sync);
	for (;;) {
		signals_wait(l->signals, l->sync);
		m = sync_receive(l->sync, &value, &fd);
		if (m == SYNC_READY)
			return;
		if (m == SYNC_JOINED)
			change(l, value, fd);
		else if (m == SYNC_CONSOLE)
			l->master = fd;
		else
			launch_failed(l, 0);
	}
}
