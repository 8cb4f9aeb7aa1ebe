/* SPDX-License-Identifier: ISC */
/*
 * The container's first process.  init_run below is what happens to it, in
 * order, from the moment it is cloned into its new namespaces to the moment
 * it becomes the program of the bundle.  The order matters:
 *
 * - the host's /proc and devices are used while they are still "/proc" and
 *   "/dev", and nothing of the image is trusted before its root is "/";
 * - all of the root is built through descriptors below it, before the pivot,
 *   so that a link in the image leads nowhere but into the image;
 * - then all of the host's is closed: no descriptor of it is left when a name
 *   of the image's is looked up as any path, the program's own above all;
 * - then it becomes the program like any process that joins the container
 *   later (become.c).
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "run/cgroup/cgroup.h"
#include "run/cgroup/dir.h"
#include "run/container/clocks.h"
#include "run/container/gate.h"
#include "run/container/init.h"
#include "run/container/namespaces.h"
#include "run/container/parent.h"
#include "run/container/progress.h"
#include "run/container/rootfs.h"
#include "run/container/sync.h"
#include "run/hooks/hooks.h"
#include "run/process/descriptors.h"
#include "run/process/process.h"
#include "run/process/procfs.h"
#include "run/process/program.h"
#include "run/spec/spec.h"

/*
 * What may still be open: the channel, the reaper and the gate always, in the
 * beginning also what the cgroups and namespaces are entered by, and then a
 * mount namespace, unless that is -1.
 */
static void
descriptors_settle(const struct init *in, bool entered, int mounts)
{
	const struct spec *spec = in->spec;
	const struct cgroup_dir *dirs;
	size_t ndirs, n = 0;
	int *keep;

	dirs = cgroup_dirs(in->cgroup, &ndirs);
	keep = xcalloc(4 + ndirs + spec->nnamespaces, sizeof *keep);
	keep[n++] = in->become.sync;
	keep[n++] = in->become.reaper;
	keep[n++] = in->gate;
	keep[n++] = mounts;
	for (size_t i = 0; !entered && i < ndirs; i++)
		keep[n++] = dirs[i].procs;
	for (size_t i = 0; !entered && i < spec->nnamespaces; i++)
		keep[n++] = in->namespaces->joined[i];
	descriptors_keep(in->preserve_fds, keep, n);
	free(keep);
}

/*
 * Until the maps are written this process has no id in its namespace.  Then
 * it takes 0, with which the files of the image can be reached; where 0 is not
 * mapped it goes on as it is, which is all there is.
 */
static void
user_namespace_root(const struct init *in)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if ((setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) &&
	    errno != EINVAL)
		diesys("user namespace");
	become_hidden(&in->become);
}

static void
user_namespace_settle(const struct init *in)
{
	if (!spec_namespace(in->spec, CLONE_NEWUSER))
		return;
	parent_says(SYNC_MAPPED);
	user_namespace_root(in);
}

/*
 * Until it hears from its parent this process ends with it, which the channel
 * tells: then the parent may be done, and the process waits for another.
 */
static void
start_await(const struct init *in)
{
	int status = in->gate < 0 ? 0 : program_check(in->become.process);

	if (status)
		parent_died(status);
	parent_leave();
	if (in->gate >= 0) {
		gate_check(in->gate);
		gate_signals();
	}
	parent_tell(SYNC_READY, 0, -1);
	if (in->gate < 0) {
		parent_says(SYNC_GO);
		parent_silence();
		return;
	}
	parent_says(SYNC_WAIT);
	parent_change(gate_wait(in->gate));
}

/*
 * What the image has in the place of a hook is to have no more rights than its
 * program.
 */
static void
hook_confine(const void *become)
{
	become_confined(become);
}

/* Whoever starts a container that was created waits to hear of them. */
static void
hooks_start(const struct init *in)
{
	if (!hooks_any(in->spec->hooks, HOOK_START_CONTAINER))
		return;
	in->become.progress->step = "its hooks ran";
	hooks_run_inside(in->spec->hooks, HOOK_START_CONTAINER, in->state,
	    false, hook_confine, &in->become);
	if (in->gate >= 0)
		parent_tell(SYNC_HOOKED, 0, -1);
}

/* Unless a namespace is joined nobody else is in them. */
void
init_show(const struct init *in)
{
	for (size_t i = 0; i < in->spec->nnamespaces; i++)
		if (in->spec->namespaces[i].path)
			return;
	if (in->rootless)
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

void
init_run(struct init *in)
{
	int mounts;

	parent_watch(in->become.sync, in->become.progress);
	descriptors_settle(in, false, -1);
	process_signals();
	umask(0);

	in->become.progress->step = "its namespaces were made";
	user_namespace_settle(in);
	/* From here on no process of a joined namespace may look into it. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	cgroup_enter(in->cgroup);
	clocks_settle(in);
	mounts = namespaces_enter(in->namespaces);
	descriptors_settle(in, true, mounts);
	namespaces_settle(in->namespaces);
	procfs_sysctls(in->spec);
	in->become.groups_denied = procfs_groups_denied();
	process_kernel(in->spec);
	if (in->new_keyring)
		process_keyring();
	setsid();

	rootfs_make(in, mounts);
	descriptors_settle(in, true, -1);

	if (in->gate >= 0)
		gate_room(in->gate, in->become.process);
	become_user(&in->become);
	start_await(in);
	hooks_start(in);
	in->become.progress->step = "its program was executed";
	become_program(&in->become);
}

/*
 * Nobody who is in a namespace that is joined may look into this process, from
 * before it is: the host's files and rights are there to be had.
 */
void
init_join(struct init *in)
{
	int pidfd;
	pid_t pid;

	parent_watch(in->become.sync, in->become.progress);
	in->become.progress->step = "its namespaces were joined";
	descriptors_settle(in, false, -1);
	procfs_oom_score(in->spec, getpid());
	become_hidden(&in->become);
	namespaces_join(in->namespaces);
	user_namespace_root(in);
	pid = namespaces_split(in->namespaces, &pidfd);
	if (pid == 0)
		init_run(in);
	parent_tell(SYNC_JOINED, pid, pidfd);
	_exit(0);
}
