/* SPDX-License-Identifier: ISC */
/* The cgroups of a container that another program made. */
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/statecgroup.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/claim.h"
#include "run/cgroup/kept.h"
#include "run/cgroup/kill.h"

const struct cgroup_backend *
kept_backend(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return NULL;
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return &cgroup_v2;
	return fs.f_type == CGROUP_SUPER_MAGIC ? &cgroup_v1 : NULL;
}

int
kept_open(const struct state_cgroups *list, const struct state_cgroup *c)
{
	int fd = open(c->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (kept_backend(fd) && fstat(fd, &st) == 0 && c->device == st.st_dev &&
	    c->inode == st.st_ino &&
	    (c->role == CGROUP_PARENT ||
		(list->claim && claim_is(fd, list->claim))))
		return fd;
	close(fd);
	return -1;
}

int
kept_signal(const struct state_cgroups *list, int signal)
{
	for (size_t i = 0; i < list->n; i++) {
		int fd = list->v[i].role == CGROUP_PARENT
			     ? -1
			     : kept_open(list, &list->v[i]);

		if (fd < 0)
			continue;
		if (signal == SIGKILL)
			kept_backend(fd)->kill(fd);
		else
			cgroup_signal(fd, signal);
		close(fd);
		return 0;
	}
	return -1;
}
