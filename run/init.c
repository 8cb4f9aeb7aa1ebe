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
 * - privileges go last, each step needing what the later ones take away.
 */
#include <errno.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/capabilities.h"
#include "run/cgroup.h"
#include "run/console.h"
#include "run/devices.h"
#include "run/init.h"
#include "run/mask.h"
#include "run/mount.h"
#include "run/namespaces.h"
#include "run/path.h"
#include "run/proc.h"
#include "run/process.h"
#include "run/root.h"
#include "run/seccomp.h"
#include "run/spec.h"
#include "run/sync.h"

#define UMASK_DEFAULT 022

static int parent;

static void
tell_death(int status)
{
	sync_send(parent, SYNC_DIED, status, -1);
}

static void
parent_says(enum sync_message m)
{
	if (sync_receive(parent, NULL, NULL) != m)
		_exit(die_status); /* it died and has said why */
}

/*
 * Until the maps are written this process has no id in its namespace.  Then
 * it takes 0, with which the files of the image can be reached; where 0 is not
 * mapped it goes on as it is, which is all there is.
 */
static void
user_namespace_settle(const struct spec *spec)
{
	if (!spec_namespace(spec, CLONE_NEWUSER))
		return;
	parent_says(SYNC_MAPPED);
	if ((setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) &&
	    errno != EINVAL)
		diesys("user namespace");
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
terminal_open(const struct process *p, int root)
{
	int master, slave;

	if (!p->terminal)
		return -1;
	slave = console_open(p, root, &master);
	if (sync_send(parent, SYNC_CONSOLE, 0, master) < 0)
		diesys("console");
	close(master);
	return slave;
}

static int
root_build(const struct init *in)
{
	const struct spec *spec = in->spec;
	int root = root_prepare(spec), slave, cwd;

	mounts_make(spec, in->cgroup, root);
	devices_make(spec, root);
	slave = terminal_open(&spec->process, root);
	/* A working directory that isn't there is made, as runc does. */
	cwd = path_make(root, spec->process.cwd, true);
	if (cwd >= 0)
		close(cwd);
	masks_make(spec, root);
	root_enter(spec, root);
	return slave;
}

/*
 * A filter needs CAP_SYS_ADMIN or no_new_privs.  With the latter it comes
 * last of all, and need not allow what is done here.
 */
static void
privileges_drop(const struct init *in)
{
	const struct process *p = &in->spec->process;

	if (p->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		diesys("no_new_privs");
	if (in->seccomp && !p->no_new_privileges)
		seccomp_apply(in->seccomp);
	capabilities_bound(p);
	capabilities_keep();
	process_user(p);
	capabilities_apply(p);
}

void
init_run(const struct init *in)
{
	struct process *p = &in->spec->process;
	sigset_t none;
	int slave;

	parent = in->sync;
	die_in_child(tell_death);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(0);

	user_namespace_settle(in->spec);
	proc_oom_score(in->spec);
	/* From here on no process of a joined namespace may look into it. */
	prctl(PR_SET_DUMPABLE, 0);
	cgroup_enter(in->cgroup);
	namespaces_enter(in->spec);
	namespaces_settle(in->spec);
	proc_sysctls(in->spec);
	if (in->new_keyring)
		keyring_leave();
	setsid();

	slave = root_build(in);
	if (slave >= 0)
		console_take(slave);

	process_rlimits(p);
	process_home(p);
	privileges_drop(in);
	process_cwd(p);
	umask(p->umask == UNSET ? UMASK_DEFAULT : p->umask);
	if (close_range(3 + in->preserve_fds, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		diesys("close_range");

	if (sync_send(parent, SYNC_READY, 0, -1) < 0)
		_exit(die_status);
	parent_says(SYNC_GO);
	if (in->seccomp && p->no_new_privileges)
		seccomp_apply(in->seccomp);
	die_status = process_exec(p);
	tell_death(die_status);
	_exit(die_status);
}
