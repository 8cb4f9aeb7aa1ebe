/* SPDX-License-Identifier: ISC */
/* Paths inside a container's root file system. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/anchor.h"
#include "run/path.h"
#include "run/root.h"

#define TRIES 64 /* openat2 says EAGAIN when something was moved meanwhile */

static int
resolve(int from, const char *path, int flags, uint64_t how)
{
	struct open_how o = {
	    .flags = flags | O_CLOEXEC,
	    .resolve = RESOLVE_NO_MAGICLINKS | how,
	};
	int fd = -1;

	for (int i = 0; i < TRIES; i++) {
		fd = syscall(SYS_openat2, from, path, &o, sizeof o);
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	if (fd < 0)
		die_if_missing("openat2", "5.6");
	return fd;
}

int
path_open_by_name(const struct root *root, const char *path, int flags)
{
	return resolve(root->fd, path, flags, RESOLVE_IN_ROOT);
}

/* A link that leads out of a mount (EXDEV) is one to be followed by name. */
static int
open_with(const struct root *root, const char *path, int flags, uint64_t how)
{
	const char *rest;
	int at = anchor_find(root, path, &rest), fd;

	if (at < 0)
		return resolve(root->fd, path, flags, RESOLVE_IN_ROOT | how);
	if (!*rest && flags & O_PATH)
		return fcntl(at, F_DUPFD_CLOEXEC, 3); /* a file, maybe */
	fd = resolve(at, *rest ? rest : ".", flags, RESOLVE_BENEATH | how);
	if (fd < 0 && errno == EXDEV)
		fd = resolve(root->fd, path, flags, RESOLVE_IN_ROOT | how);
	return fd;
}

int
path_open(const struct root *root, const char *path, int flags)
{
	return open_with(root, path, flags, 0);
}

int
path_open_plain(const struct root *root, const char *path, int flags)
{
	return open_with(root, path, flags, RESOLVE_NO_SYMLINKS);
}

/* -1 with errno EINVAL when fd is none; closes it then. */
static int
regular_file(int fd, struct stat *st)
{
	if (fd < 0)
		return -1;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

int
path_open_file(const struct root *root, const char *path)
{
	uint64_t how = RESOLVE_IN_ROOT | RESOLVE_NO_XDEV;
	int at = resolve(root->fd, path, O_PATH, how), fd;
	struct stat seen, st;

	if (at < 0 && errno == EXDEV) {
		how = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS;
		at = resolve(root->fd, path, O_PATH, how);
		if (at < 0 && errno == ELOOP)
			errno = EXDEV;
	}
	if (regular_file(at, &seen) < 0)
		return -1;
	fd = resolve(root->fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, how);
	close(at);
	if (regular_file(fd, &st) < 0)
		return -1;
	if (st.st_dev == seen.st_dev && st.st_ino == seen.st_ino)
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

/* Make name in the directory parent and open it; the name is no link. */
static int
make_at(int parent, const char *name, bool directory)
{
	int fd;

	if (strcmp(name, "..") == 0) {
		errno = EINVAL; /* would be looked up outside of the root */
		return -1;
	}
	if (directory) {
		if (mkdirat(parent, name, 0755) < 0 && errno != EEXIST)
			return -1;
	} else {
		fd = openat(parent, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd >= 0)
			close(fd);
	}
	return openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

/*
 * Component by component: each prefix is resolved from the start again, so
 * that links on the way are followed as often as they come.
 */
static int
make_missing(const struct root *root, char *path, bool directory)
{
	int parent = path_open(root, "/", O_PATH), fd;
	char *name = path, *end, cut;

	while (parent >= 0) {
		name += strspn(name, "/");
		if (!*name)
			return parent;
		end = name + strcspn(name, "/");
		cut = *end;
		*end = '\0';
		fd = path_open(root, path, O_PATH);
		if (fd < 0 && errno == ENOENT)
			fd = make_at(parent, name, directory || cut);
		close(parent);
		parent = fd;
		*end = cut;
		name = end;
	}
	return -1;
}

int
path_make(const struct root *root, const char *path, bool directory)
{
	int fd = path_open(root, path, O_PATH);
	char *copy;

	if (fd >= 0 || errno != ENOENT)
		return fd;
	copy = xstrdup(path);
	for (size_t n = strlen(copy); n > 1 && copy[n - 1] == '/';)
		copy[--n] = '\0';
	fd = make_missing(root, copy, directory);
	free(copy);
	return fd;
}
