/* SPDX-License-Identifier: ISC */
/*
 * The end of a container's cgroups, by their paths alone: the process that
 * made them may be gone.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/mem.h"
#include "run/cgroup.h"
#include "run/cgroup_backend.h"

#define WAIT_MS 2000
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static const struct cgroup_backend *
backend_of(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return NULL;
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return &cgroup_v2;
	return fs.f_type == CGROUP_SUPER_MAGIC ? &cgroup_v1 : NULL;
}

static bool
subdirectory(int fd, char name[256])
{
	int copy = openat(fd, ".", DIR_FLAGS);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *e;
	bool found = false;

	while (dir && !found && (e = readdir(dir)))
		if (e->d_type == DT_DIR && strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0) {
			strcpy(name, e->d_name);
			found = true;
		}
	if (dir)
		closedir(dir);
	return found;
}

/*
 * Remove the cgroups that the container made in its own, with two descriptors
 * however deep they are.  The path is the way back up: cgroups don't move.
 */
static void
remove_below(int top)
{
	struct buf path = {0};
	int fd = openat(top, ".", DIR_FLAGS), next;
	char name[256], *last;

	while (fd >= 0) {
		if (subdirectory(fd, name)) {
			buf_addf(&path, "/%s", name);
			next = openat(fd, name, DIR_FLAGS);
		} else if (path.len) {
			next = openat(fd, "..", DIR_FLAGS);
			last = strrchr(path.data, '/');
			if (unlinkat(next, last + 1, AT_REMOVEDIR) < 0) {
				close(fd);
				fd = next;
				break;
			}
			path.len = last - path.data;
			*last = '\0';
		} else {
			break;
		}
		close(fd);
		fd = next;
	}
	if (fd >= 0)
		close(fd);
	buf_free(&path);
}

/* 0 when it is gone, else -1 with errno. */
static int
try_remove(const char *path)
{
	return rmdir(path) == 0 || errno == ENOENT ? 0 : -1;
}

static int
remove_one(const char *path)
{
	const struct cgroup_backend *backend;
	int fd, r = -1, waited = 0, ms = 1;

	if (try_remove(path) == 0)
		return 0;
	if (errno != EBUSY && errno != ENOTEMPTY)
		return -1;
	fd = open(path, DIR_FLAGS);
	backend = fd >= 0 ? backend_of(fd) : NULL;
	errno = ENOTSUP;
	while (backend) {
		backend->kill(fd);
		remove_below(fd);
		r = try_remove(path);
		if (r == 0 || waited >= WAIT_MS)
			break;
		nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
		waited += ms;
		ms = ms < 50 ? 2 * ms : ms;
	}
	if (fd >= 0)
		close(fd);
	return r;
}

int
cgroup_destroy(const char *paths)
{
	char *copy = xstrdup(paths), *rest = copy, *path;
	int r = 0;
	size_t len;

	while ((path = strsep(&rest, ":"))) {
		len = strlen(path);
		if (len && path[len - 1] == '/') {
			rmdir(path); /* others may be in it */
		} else if (len && remove_one(path) < 0) {
			warnsys("%s: the cgroup can't be removed", path);
			r = -1;
		}
	}
	free(copy);
	return r;
}
