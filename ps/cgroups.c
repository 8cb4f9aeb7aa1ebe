/* SPDX-License-Identifier: ISC */
/* The cgroups of a container, as its state has them, held open. */
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/statecgroup.h"
#include "ps/cgroups.h"

#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* What has the name of the cgroup may be another one by now: -1. */
static int
cgroup_open(const struct state_cgroup *c)
{
	int fd = open(c->path, DIR_FLAGS);
	struct stat st;

	if (fd < 0 || (fstat(fd, &st) == 0 && st.st_dev == c->device &&
			  st.st_ino == c->inode))
		return fd;
	close(fd);
	return -1;
}

void
cgroups_open(const struct state_cgroups *list, struct cgroups *c)
{
	struct statfs fs;
	int fd;

	*c = (struct cgroups){.all = xcalloc(list->n + 1, sizeof *c->all)};
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].role == CGROUP_PARENT)
			continue;
		fd = cgroup_open(&list->v[i]);
		if (fd < 0)
			continue;
		c->all[c->n++] = (struct cgroup_dir){
		    .fd = fd,
		    .v2 = fstatfs(fd, &fs) == 0 &&
			  fs.f_type == CGROUP2_SUPER_MAGIC,
		};
	}
}

int
cgroups_find(const struct cgroups *c, bool v2, const char *file)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->all[i].v2 == v2 &&
		    faccessat(c->all[i].fd, file, F_OK, 0) == 0)
			return c->all[i].fd;
	return -1;
}

void
cgroups_close(struct cgroups *c)
{
	for (size_t i = 0; i < c->n; i++)
		close(c->all[i].fd);
	free(c->all);
	*c = (struct cgroups){0};
}
