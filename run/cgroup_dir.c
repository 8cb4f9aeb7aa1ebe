/* SPDX-License-Identifier: ISC */
/* The directory of a container in one cgroup hierarchy. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "run/cgroup_dir.h"
#include "run/cgroup_tree.h"

#define PROCS_MAX (64 << 20)
#define DEPTH_MAX 32
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static void
close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

/* Open name in the directory and make it if need be; closes dirfd. */
static int
step(int dirfd, const char *name, bool *made)
{
	int fd = openat(dirfd, name, DIR_FLAGS);

	*made = false;
	if (fd < 0 && errno == ENOENT) {
		if (mkdirat(dirfd, name, 0755) == 0)
			*made = true;
		else if (errno == EEXIST)
			errno = 0; /* somebody else was faster */
		if (*made || errno == 0)
			fd = openat(dirfd, name, DIR_FLAGS);
	}
	close_keeping_errno(dirfd);
	return fd;
}

/* Put "path/:" before what is in the list from there on. */
static void
list_insert(struct buf *list, size_t at, const char *path)
{
	char *rest = xstrdup(list->data ? list->data + at : "");

	list->len = at;
	buf_addf(list, "%s/:%s", path, rest);
	free(rest);
}

/*
 * Go down from the mount point to name: a descriptor of the last directory.
 * The parents that were made are added to the list.
 */
static int
walk(const char *mount, const char *name, struct buf *list, bool *made)
{
	char *copy = xstrdup(name), *rest = copy, *part;
	size_t at = list->len;
	struct buf path = {0};
	int fd;

	*made = false;
	buf_adds(&path, mount);
	fd = open(mount, DIR_FLAGS);
	while (fd >= 0 && (part = strsep(&rest, "/"))) {
		if (!*part)
			continue;
		if (*made)
			list_insert(list, at, path.data);
		buf_addf(&path, "/%s", part);
		fd = step(fd, part, made);
	}
	buf_free(&path);
	free(copy);
	return fd;
}

/* v2 tells of processes below too; in v1 each directory stands for itself. */
static bool
is_populated(int fd)
{
	char *text = io_slurp_at(fd, "cgroup.events", PROCS_MAX, NULL);
	bool populated;

	if (text) {
		populated = strstr(text, "populated 1") != NULL;
	} else {
		text = io_slurp_at(fd, "cgroup.procs", PROCS_MAX, NULL);
		populated = text && *text;
	}
	free(text);
	return populated;
}

static bool
file_says(int fd, const char *file, const char *text)
{
	char *is = io_slurp_at(fd, file, PROCS_MAX, NULL);
	bool same = is && strncmp(is, text, strlen(text)) == 0;

	free(is);
	return same;
}

/* What was there may be another container's. */
static void
check_found(const struct cgroup_dir *d)
{
	if (is_populated(d->fd))
		die("linux.cgroupsPath: %s: there are processes in it; a "
		    "container needs a cgroup of its own",
		    d->path);
	if (file_says(d->fd, "cgroup.freeze", "1") ||
	    file_says(d->fd, "freezer.state", "FR"))
		die("linux.cgroupsPath: %s: it is frozen", d->path);
}

int
cgroup_dir_make(struct cgroup_dir *d, const struct hierarchy *in,
    const char *name, struct buf *list)
{
	struct buf parents = {0};
	bool made = false;

	*d = (struct cgroup_dir){.in = in, .fd = -1, .tasks = -1};
	/* Another container's end may take a parent away that it had made. */
	for (int tries = 0; tries < 10 && d->fd < 0; tries++) {
		d->fd = walk(in->mount, name, &parents, &made);
		if (d->fd < 0 && errno != ENOENT && errno != ENODEV)
			break;
	}
	d->path = xasprintf("%s%s", in->mount, name);
	if (d->fd >= 0) {
		if (!made)
			check_found(d);
		buf_addf(list, "%s%s", list->len ? ":" : "", d->path);
	}
	if (parents.len) {
		parents.data[--parents.len] = '\0'; /* the last ':' */
		buf_addf(list, "%s%s", list->len ? ":" : "", parents.data);
	}
	buf_free(&parents);
	return d->fd < 0 ? -1 : 0;
}

void
cgroup_dir_descend(const struct cgroup_dir *d,
    void (*visit)(int dirfd, const char *path, void *arg), void *arg)
{
	char *path = xstrdup(d->path);
	size_t at = strlen(d->in->mount);
	int fd;

	for (;;) {
		path[at] = '\0';
		fd = open(path, DIR_FLAGS);
		if (fd < 0)
			diesys("%s", path);
		visit(fd, path, arg);
		close(fd);
		if (!d->path[at])
			break;
		path[at] = '/';
		at += 1 + strcspn(path + at + 1, "/");
	}
	free(path);
}

static void
procs_kill(int dirfd)
{
	char *text = io_slurp_at(dirfd, "cgroup.procs", PROCS_MAX, NULL);
	char *rest = text, *line;
	long pid;

	while (rest && (line = strsep(&rest, "\n"))) {
		pid = strtol(line, NULL, 10);
		if (pid > 1)
			kill(pid, SIGKILL);
	}
	free(text);
}

static void
kill_below(int dirfd, int depth)
{
	struct dirent *e;
	DIR *dir;
	int fd;

	procs_kill(dirfd);
	fd = openat(dirfd, ".", DIR_FLAGS);
	dir = fd >= 0 ? fdopendir(fd) : NULL;
	while (dir && depth < DEPTH_MAX && (e = readdir(dir))) {
		if (e->d_type != DT_DIR || strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		fd = openat(dirfd, e->d_name, DIR_FLAGS);
		if (fd < 0)
			continue;
		kill_below(fd, depth + 1);
		close(fd);
	}
	if (dir)
		closedir(dir);
}

void
cgroup_dir_kill(int dirfd)
{
	kill_below(dirfd, 0);
}
