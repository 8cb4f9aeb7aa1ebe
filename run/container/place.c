/* SPDX-License-Identifier: ISC */
/* Places of the host, opened for the container's process. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/container/idmap.h"
#include "run/container/launch.h"
#include "run/container/place.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/rootfs/mount.h"
#include "run/rootfs/mount_options.h"
#include "run/spec/spec.h"

/* In another mount namespace the working directory is "/"; owned. */
static char *
absolute(const char *path)
{
	char here[PATH_MAX];

	if (*path == '/')
		return xstrdup(path);
	if (!getcwd(here, sizeof here))
		diesys("working directory");
	return xasprintf("%s/%s", here, path);
}

/* The user namespace whose ids a mount is to have; -1: it is to have its own.
 */
static int
ids_of(const struct launch *l, const struct mount_spec *m,
    const struct mount_options *o)
{
	char path[40];
	int fd;

	if (!o->idmap)
		return -1;
	if (m->nuid_map)
		return idmap_namespace(m);
	snprintf(path, sizeof path, "/proc/%d/ns/user", (int)l->container->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		diesys("%s", path);
	return fd;
}

/* The clone of the mount at place with mapped ids; -1 with errno. */
static int
idmapped(int place, const struct mount_options *o, int ids)
{
	int fd = mount_clone(place, o->recursive);

	if (fd < 0 || mount_idmap(fd, o->idmap_tree, ids) < 0)
		return -1;
	return fd;
}

/* A process of its own, for there is no way back from there. */
static _Noreturn void
open_there(const struct launch *l, const char *path,
    const struct mount_options *o, int ids)
{
	int fd = -1;

	die_in_child(NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (setns(l->container->pidfd, CLONE_NEWNS) == 0)
		fd = open(path, O_PATH | O_CLOEXEC);
	if (fd >= 0 && ids >= 0)
		fd = idmapped(fd, o, ids);
	_exit(sync_send(l->sync, SYNC_PLACE, fd < 0 ? errno : 0, fd) < 0);
}

void
place_open(const struct launch *l, int which)
{
	const struct spec *spec = l->spec;
	bool known = which >= 0 && (size_t)which < spec->nmounts;
	char *path = absolute(known ? spec->mounts[which].source : spec->root);
	struct mount_options o = {0};
	int pidfd, ids = -1;
	pid_t pid;

	if (known) {
		mount_options_parse(&spec->mounts[which], &o);
		ids = ids_of(l, &spec->mounts[which], &o);
	}
	pid = fork();
	if (pid == 0)
		open_there(l, path, &o, ids);
	pidfd = pid < 0 ? -1 : syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		diesys("process that opens %s", path);
	signals_wait(l->signals, pidfd);
	if (exit_wait(pidfd) != 0)
		die("process that opens %s: it failed", path);
	close(pidfd);
	if (ids >= 0)
		close(ids);
	free(o.data);
	free(path);
}
