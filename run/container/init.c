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
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "run/cgroup/cgroup.h"
#include "run/cgroup/dir.h"
#include "run/container/gate.h"
#include "run/container/init.h"
#include "run/container/namespaces.h"
#include "run/container/parent.h"
#include "run/container/progress.h"
#include "run/container/sync.h"
#include "run/hooks/hooks.h"
#include "run/process/descriptors.h"
#include "run/process/home.h"
#include "run/process/process.h"
#include "run/process/procfs.h"
#include "run/process/program.h"
#include "run/rootfs/devices.h"
#include "run/rootfs/mask.h"
#include "run/rootfs/mounts.h"
#include "run/rootfs/path.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"
#include "run/terminal/console.h"

#define HOOK_UMASK 022

/*
 * What may still be open: the channel, the reaper and the gate always, in the
 * beginning also what the cgroups and namespaces are entered by.
 */
static void
descriptors_settle(const struct init *in, bool entered)
{
	const struct spec *spec = in->spec;
	const struct cgroup_dir *dirs;
	size_t ndirs, n = 0;
	int *keep;

	dirs = cgroup_dirs(in->cgroup, &ndirs);
	keep = xcalloc(3 + ndirs + spec->nnamespaces, sizeof *keep);
	keep[n++] = in->become.sync;
	keep[n++] = in->become.reaper;
	keep[n++] = in->gate;
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

/* Returns the slave of the terminal, or -1. */
static int
terminal_open(const struct process_spec *p, const struct root *root)
{
	int master, slave;

	if (!p->terminal)
		return -1;
	slave = console_open(p, root, &master);
	console_bind(slave, root);
	parent_tell(SYNC_CONSOLE, 0, master);
	close(master);
	return slave;
}

/*
 * The root with all that is in it, up to the pivot.  Returns the slave of the
 * terminal, or -1.
 */
static int
root_build(const struct init *in, struct root *root)
{
	struct spec *spec = in->spec;
	int slave, cwd;

	in->become.progress->step = "its root file system was prepared";
	root_prepare(root, spec, parent_opens);
	root->no_pivot = in->no_pivot;
	in->become.progress->step = "its mounts were made";
	mounts_make(spec, in->cgroup, root);
	if (spec->mounts_device) {
		parent_tell(SYNC_MOUNTED, 0, -1);
		parent_says(SYNC_MOUNTED);
	}
	in->become.progress->step = "its devices were made";
	devices_make(spec, root);
	slave = terminal_open(&spec->process, root);
	/* A working directory that isn't there is made, as runc does. */
	cwd = path_make(root, spec->process.cwd, true);
	if (cwd >= 0)
		close(cwd);
	in->become.progress->step = "its root file system was finished";
	masks_make(spec, root);
	home_set(&spec->process, root);
	become_hidden(&in->become);
	return slave;
}

/*
 * An ordinary user's hooks could not look at a hidden process's namespaces.
 * Unless one is joined nobody else is in them.
 */
static bool
may_be_seen(const struct init *in)
{
	for (size_t i = 0; i < in->spec->nnamespaces; i++)
		if (in->spec->namespaces[i].path)
			return false;
	return in->rootless;
}

/* Every mount that something lies below has a descriptor meanwhile. */
static struct rlimit
files_raise(void)
{
	struct rlimit was, most;

	if (getrlimit(RLIMIT_NOFILE, &was) < 0)
		diesys("RLIMIT_NOFILE");
	most = (struct rlimit){was.rlim_max, was.rlim_max};
	setrlimit(RLIMIT_NOFILE, &most);
	return was;
}

/* As a program of the host's has it, and not as this process needs it. */
static void
hook_loosen(const void *files)
{
	setrlimit(RLIMIT_NOFILE, files);
	umask(HOOK_UMASK);
}

/*
 * The namespaces are there with all their mounts, and "/" is the host's still:
 * that is how hooks want it.
 */
static void
hooks_create(const struct init *in, const struct rlimit *files)
{
	const struct hook_list *hooks = in->spec->hooks;

	in->become.progress->step = "its hooks ran";
	if (hooks_any(hooks, HOOK_PRESTART) ||
	    hooks_any(hooks, HOOK_CREATE_RUNTIME)) {
		if (may_be_seen(in))
			prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		parent_tell(SYNC_HOOKS, 0, -1);
		parent_says(SYNC_HOOKED);
		become_hidden(&in->become);
	}
	hooks_run_inside(
	    hooks, HOOK_CREATE_CONTAINER, in->state, true, hook_loosen, files);
}

/* The terminal is taken here, while the slave is a descriptor. */
static void
root_finish(const struct init *in, const struct root *root, int slave)
{
	in->become.progress->step = "its root file system was entered";
	root_enter(root, in->spec);
	if (slave >= 0)
		console_take(slave);
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

void
init_run(struct init *in)
{
	struct rlimit files;
	struct root root;
	int slave;

	parent_watch(in->become.sync, in->become.progress);
	descriptors_settle(in, false);
	process_signals();
	umask(0);

	in->become.progress->step = "its namespaces were made";
	user_namespace_settle(in);
	/* From here on no process of a joined namespace may look into it. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	cgroup_enter(in->cgroup);
	namespaces_enter(in->namespaces);
	descriptors_settle(in, true);
	namespaces_settle(in->namespaces);
	procfs_sysctls(in->spec);
	in->become.groups_denied = procfs_groups_denied();
	process_kernel(in->spec);
	if (in->new_keyring)
		process_keyring();
	setsid();

	files = files_raise();
	slave = root_build(in, &root);
	hooks_create(in, &files);
	root_finish(in, &root, slave);
	descriptors_settle(in, true);
	setrlimit(RLIMIT_NOFILE, &files);

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
	descriptors_settle(in, false);
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
