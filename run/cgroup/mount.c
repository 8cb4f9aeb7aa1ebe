/* SPDX-License-Identifier: ISC */
/*
 * What a container sees of the cgroups.  With a namespace of its own they are
 * mounted anew, so that its own cgroup is their root; without one it gets its
 * own directories, read-only: else root inside could write the host's
 * (CVE-2023-25809).  Only what the container has a cgroup in is shown: in
 * others the root of its namespace is the cgroup of the runtime.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/syscalls.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/cgroup.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/tree.h"

#define ATTRIBUTES (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

static void
attach(int mount, int target)
{
	if (move_mount(mount, "", target, "",
		MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		diesys("mounts: the cgroups can't be mounted");
}

static int
new_mount(int fs, unsigned attributes)
{
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return fsmount(fs, FSMOUNT_CLOEXEC, attributes);
}

/* The controllers of v1 are flags, a named hierarchy has a name and none. */
static void
v1_options(int fs, const char *controllers)
{
	char *copy = xstrdup(controllers), *rest = copy, *word;

	while ((word = strsep(&rest, ",")))
		if (strncmp(word, "name=", 5) == 0) {
			fsconfig(fs, FSCONFIG_SET_STRING, "name", word + 5, 0);
			fsconfig(fs, FSCONFIG_SET_FLAG, "none", NULL, 0);
		} else {
			fsconfig(fs, FSCONFIG_SET_FLAG, word, NULL, 0);
		}
	free(copy);
}

/* A hierarchy as the namespace shows it, detached; -1: it can't be had. */
static int
hierarchy_mount(const struct hierarchy *h, bool readonly)
{
	bool v2 = h->backend == &cgroup_v2;
	int fs = fsopen(v2 ? "cgroup2" : "cgroup", FSOPEN_CLOEXEC), mount;

	if (fs < 0)
		return -1;
	if (!v2)
		v1_options(fs, h->controllers);
	mount = new_mount(fs, ATTRIBUTES | (readonly ? MOUNT_ATTR_RDONLY : 0));
	close(fs);
	return mount;
}

static int
directory_bind(const char *path)
{
	struct mount_attr attr = {.attr_set = ATTRIBUTES | MOUNT_ATTR_RDONLY};
	int mount =
	    open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (mount < 0 ||
	    mount_setattr(mount, "", AT_EMPTY_PATH, &attr, sizeof attr) < 0)
		diesys("mounts: %s can't be bound", path);
	return mount;
}

/* A user namespace that owns no cgroup namespace may only bind. */
static void
show(const struct hierarchy *h, const char *path, int target, bool readonly,
    bool ns)
{
	int mount = ns ? hierarchy_mount(h, readonly) : -1;

	if (mount < 0)
		mount = directory_bind(path);
	attach(mount, target);
	close(mount);
}

static int
tmpfs_mount(int target)
{
	int fs = fsopen("tmpfs", FSOPEN_CLOEXEC), mount;

	if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "mode", "755", 0) < 0)
		diesys("mounts: tmpfs");
	mount = new_mount(fs, ATTRIBUTES);
	if (mount < 0)
		diesys("mounts: tmpfs");
	close(fs);
	attach(mount, target);
	return mount;
}

/* As the hosts name them: "cpu,cpuacct" with a link for each, "systemd". */
static void
show_in(int tmpfs, const struct cgroup_dir *d, bool readonly, bool ns)
{
	const char *name = strrchr(d->in->mount, '/') + 1;
	char *copy = xstrdup(name), *rest = copy, *word;
	int fd;

	if (mkdirat(tmpfs, name, 0755) < 0) {
		if (errno != EEXIST)
			diesys("mounts: cgroup: %s", name);
		free(copy);
		return; /* a second one whose mount is called the same */
	}
	fd = openat(tmpfs, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		diesys("mounts: cgroup: %s", name);
	show(d->in, d->path, fd, readonly, ns);
	close(fd);
	if (strchr(name, ','))
		while ((word = strsep(&rest, ",")))
			if (symlinkat(name, tmpfs, word) < 0)
				diesys("mounts: cgroup: %s", word);
	free(copy);
}

void
cgroup_mount(const struct cgroup *c, int target, unsigned long flags, bool ns)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	const struct cgroup_tree *t = cgroup_tree(c);
	const struct cgroup_dir *dirs;
	bool readonly = flags & MS_RDONLY || !ns;
	size_t n;
	char *own;
	int tmpfs;

	dirs = cgroup_dirs(c, &n);
	if (t->n == 1 && cgroup_tree_v2(t)) {
		/* Without a cgroup of its own it must not write the host's. */
		own = xasprintf("%s%s", t->v[0].mount, t->v[0].own);
		show(&t->v[0], n ? dirs[0].path : own, target, readonly || !n,
		    ns);
		free(own);
		return;
	}
	tmpfs = tmpfs_mount(target);
	for (size_t i = 0; i < n; i++)
		show_in(tmpfs, &dirs[i], readonly, ns);
	if (readonly &&
	    mount_setattr(tmpfs, "", AT_EMPTY_PATH, &attr, sizeof attr) < 0)
		diesys("mounts: cgroup");
	close(tmpfs);
}
