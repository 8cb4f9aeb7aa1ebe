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
 * - privileges go last, each step needing what the later ones take away.
 */
#include <errno.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "run/cgroup/cgroup.h"
#include "run/cgroup/dir.h"
#include "run/container/init.h"
#include "run/container/namespaces.h"
#include "run/container/parent.h"
#include "run/container/reaper.h"
#include "run/container/sync.h"
#include "run/process/capabilities.h"
#include "run/process/descriptors.h"
#include "run/process/home.h"
#include "run/process/process.h"
#include "run/process/procfs.h"
#include "run/process/program.h"
#include "run/process/seccomp.h"
#include "run/process/user.h"
#include "run/rootfs/devices.h"
#include "run/rootfs/mask.h"
#include "run/rootfs/mounts.h"
#include "run/rootfs/path.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"
#include "run/terminal/console.h"

#define UMASK_DEFAULT 022

/*
 * What may still be open: the channel and the reaper always, in the beginning
 * also what the cgroups and namespaces are entered by.
 */
static void
descriptors_settle(const struct init *in, bool entered)
{
	const struct spec *spec = in->spec;
	const struct cgroup_dir *dirs;
	size_t ndirs, n = 0;
	int *keep;

	dirs = cgroup_dirs(in->cgroup, &ndirs);
	keep = xcalloc(2 + ndirs + spec->nnamespaces, sizeof *keep);
	keep[n++] = in->sync;
	keep[n++] = in->reaper;
	for (size_t i = 0; !entered && i < ndirs; i++)
		keep[n++] = dirs[i].procs;
	for (size_t i = 0; !entered && i < spec->nnamespaces; i++)
		keep[n++] = in->namespaces->joined[i];
	descriptors_keep(in->preserve_fds, keep, n);
	free(keep);
}

/*
 * After a change of user or capabilities the kernel has forgotten whom the
 * end of the parent is to be told, and may let others trace this process.
 */
static void
credentials_changed(const struct init *in)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	parent_watch(in->sync);
}

/*
 * Until the maps are written this process has no id in its namespace.  Then
 * it takes 0, with which the files of the image can be reached; where 0 is not
 * mapped it goes on as it is, which is all there is.
 */
static void
user_namespace_settle(const struct init *in)
{
	if (!spec_namespace(in->spec, CLONE_NEWUSER))
		return;
	parent_says(SYNC_MAPPED);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if ((setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) &&
	    errno != EINVAL)
		diesys("user namespace");
	credentials_changed(in);
}

/* Else a key of the host's session could be read in the container. */
static void
keyring_leave(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 &&
	    errno != ENOSYS)
		diesys("session keyring (--no-new-keyring goes without)");
}

/* Returns the slave of the terminal, or -1. */
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

/*
 * The root with all that is in it, up to the pivot.  The terminal is taken
 * here, while the slave is a descriptor.
 */
static void
root_build(const struct init *in)
{
	struct spec *spec = in->spec;
	struct root root;
	int slave, cwd;

	*in->step = "its root file system was prepared";
	root_prepare(&root, spec);
	*in->step = "its mounts were made";
	mounts_make(spec, in->cgroup, &root);
	*in->step = "its devices were made";
	devices_make(spec, &root);
	slave = terminal_open(&spec->process, &root);
	/* A working directory that isn't there is made, as runc does. */
	cwd = path_make(&root, spec->process.cwd, true);
	if (cwd >= 0)
		close(cwd);
	*in->step = "its root file system was finished";
	masks_make(spec, &root);
	home_set(&spec->process, &root);
	credentials_changed(in);
	root_enter(&root, spec);
	if (slave >= 0)
		console_take(slave);
}

/*
 * A filter needs CAP_SYS_ADMIN or no_new_privs.  With the latter it comes
 * last of all, and need not allow what is done here.
 */
static void
privileges_drop(const struct init *in, bool groups_denied)
{
	const struct process_spec *p = &in->spec->process;

	if (p->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		diesys("no_new_privs");
	if (in->seccomp && !p->no_new_privileges)
		seccomp_apply(in->seccomp);
	capabilities_bound(p);
	capabilities_keep();
	user_streams(p);
	user_become(p, groups_denied);
	credentials_changed(in);
	capabilities_apply(p);
	credentials_changed(in);
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

/* Whether the working directory could be entered as who this process is. */
static bool
cwd_enter(const struct process_spec *p, bool again)
{
	uint64_t effective = capabilities_lower_magic();
	bool entered = process_cwd(p, again);

	capabilities_raise(effective);
	return entered;
}

/* With no_new_privs it comes last, and need not allow what went before. */
static void
filter_apply(const struct init *in)
{
	if (in->seccomp && in->spec->process.no_new_privileges)
		seccomp_apply(in->seccomp);
}

/* Let a child become the program of the bundle, and this process its reaper. */
static void
reaper_split(const struct init *in)
{
	pid_t program;

	if (in->reaper < 0)
		return;
	program = reaper_fork(in->spec->process.terminal);
	if (program == 0) {
		close(in->reaper);
		return;
	}
	filter_apply(in);
	reaper_become(in->reaper, program);
}

void
init_run(const struct init *in)
{
	struct process_spec *p = &in->spec->process;
	bool groups_denied, entered;
	struct rlimit files;

	parent_watch(in->sync);
	descriptors_settle(in, false);
	process_signals();
	umask(0);

	*in->step = "its namespaces were made";
	user_namespace_settle(in);
	/* From here on no process of a joined namespace may look into it. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	cgroup_enter(in->cgroup);
	namespaces_enter(in->namespaces);
	descriptors_settle(in, true);
	namespaces_settle(in->namespaces);
	procfs_sysctls(in->spec);
	groups_denied = procfs_groups_denied();
	if (in->new_keyring)
		keyring_leave();
	setsid();

	files = files_raise();
	root_build(in);
	descriptors_settle(in, true);
	setrlimit(RLIMIT_NOFILE, &files);

	*in->step = "its process was given its limits and its user";
	process_rlimits(p);
	entered = cwd_enter(p, false);
	privileges_drop(in, groups_denied);
	if (!entered)
		cwd_enter(p, true);
	umask(p->umask == UNSET ? UMASK_DEFAULT : p->umask);

	*in->step = "its program was executed";
	parent_tell(SYNC_READY, 0, -1);
	parent_says(SYNC_GO);
	parent_leave();
	capabilities_lower_magic();
	reaper_split(in);
	filter_apply(in);
	die_status = program_exec(p);
	parent_tell(SYNC_DIED, die_status, -1);
	_exit(die_status);
}
