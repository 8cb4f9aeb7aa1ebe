/* SPDX-License-Identifier: ISC */
/* A container's root file system, as its first process makes it. */
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/init.h"
#include "run/container/parent.h"
#include "run/container/progress.h"
#include "run/container/rootfs.h"
#include "run/hooks/hooks.h"
#include "run/process/home.h"
#include "run/rootfs/devices.h"
#include "run/rootfs/mask.h"
#include "run/rootfs/mounts.h"
#include "run/rootfs/path.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"
#include "run/terminal/console.h"

#define HOOK_UMASK 022

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
root_build(const struct init *in, struct root *root, int mounts)
{
	struct spec *spec = in->spec;
	int slave, cwd;

	in->become.progress->step = "its root file system was prepared";
	root_prepare(root, spec, parent_opens);
	root->no_pivot = in->no_pivot;
	root->mounts_in = mounts;
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
		init_show(in);
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

void
rootfs_make(const struct init *in, int mounts)
{
	struct rlimit files = files_raise();
	struct root root;
	int slave = root_build(in, &root, mounts);

	hooks_create(in, &files);
	root_finish(in, &root, slave);
	setrlimit(RLIMIT_NOFILE, &files);
}
