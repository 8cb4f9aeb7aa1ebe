/* SPDX-License-Identifier: ISC */
/* Paths inside a container's root file system. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/mem.h"
#include "run/rootfs/anchor.h"
#include "run/rootfs/path.h"
#include "run/rootfs/root.h"

#define LINKS_MAX 40 /* as the kernel has it */
#define TRIES 64 /* openat2 says EAGAIN when something was moved meanwhile */

/*
 * Up to now the kernel follows no magic link below a root or a directory
 * anyway; openat2(2) says that it may one day, so it is told not to.
 */
static int
resolve(int from, const char *path, uint64_t how)
{
	struct open_how o = {
	    .flags = O_PATH | O_CLOEXEC,
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
path_open_by_name(const struct root *root, const char *path)
{
	return resolve(root->fd, path, RESOLVE_IN_ROOT);
}

/* A link that leads out of a mount (EXDEV) is one to be followed by name. */
static int
below_anchor(const struct root *root, const struct anchor *a, const char *rest,
    const char *path, uint64_t how)
{
	int fd;

	if (!*rest)
		return fcntl(a->fd, F_DUPFD_CLOEXEC, 3); /* a file, maybe */
	fd = resolve(a->fd, rest, RESOLVE_BENEATH | how);
	if (fd < 0 && errno == EXDEV)
		fd = resolve(root->fd, path, RESOLVE_IN_ROOT | how);
	return fd;
}

/* Whether a later mount hides an anchor, which a link has led there. */
static bool
is_hidden(const struct root *root, const struct anchor *a)
{
	int error = errno, fd = path_open_by_name(root, a->path);
	bool hidden = fd >= 0 && root_mount_of(root, fd) > a->mount;

	if (fd >= 0)
		close(fd);
	errno = error;
	return hidden;
}

static int
open_with(const struct root *root, const char *path, uint64_t how)
{
	int fd = resolve(root->fd, path, RESOLVE_IN_ROOT | how);
	const char *rest;
	const struct anchor *a = anchor_find(root, path, &rest);

	if (!a || (fd >= 0 && root_mount_of(root, fd) >= a->mount) ||
	    (fd < 0 && is_hidden(root, a)))
		return fd;
	if (fd >= 0)
		close(fd);
	return below_anchor(root, a, rest, path, how);
}

int
path_open(const struct root *root, const char *path)
{
	return open_with(root, path, 0);
}

int
path_open_plain(const struct root *root, const char *path)
{
	return open_with(root, path, RESOLVE_NO_SYMLINKS);
}

int
path_open_anchored(const struct root *root, const char *path)
{
	const char *rest;
	const struct anchor *a = anchor_find(root, path, &rest);

	return a ? below_anchor(root, a, rest, path, 0)
		 : path_open_by_name(root, path);
}

int
path_reopen(int fd, int flags)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

int
path_open_in(int directory, const char *name, int flags)
{
	struct open_how o = {
	    .flags = flags | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};

	return syscall(SYS_openat2, directory, name, &o, sizeof o);
}

int
path_open_file(const struct root *root, const char *path)
{
	int at = resolve(root->fd, path, RESOLVE_IN_ROOT | RESOLVE_NO_XDEV);
	struct stat st;
	int fd, error;

	if (at < 0 && errno == EXDEV) {
		at = resolve(
		    root->fd, path, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
		if (at < 0 && errno == ELOOP)
			errno = EXDEV;
	}
	if (at < 0)
		return -1;
	errno = EINVAL;
	fd = fstat(at, &st) == 0 && S_ISREG(st.st_mode)
		 ? path_reopen(at, O_RDONLY)
		 : -1;
	error = errno;
	close(at);
	errno = error;
	return fd;
}

/* Make name in the directory parent and open it: -1 with ELOOP for a link. */
static int
make_at(int parent, const char *name, bool directory)
{
	struct stat st;
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
	fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISLNK(st.st_mode))
		return fd;
	close(fd);
	errno = ELOOP;
	return -1;
}

/*
 * The path that is meant by a link, name in the directory parent, whose path
 * is above: owned, or NULL.
 */
static char *
link_follow(int parent, const char *above, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(parent, name, target, sizeof target - 1);

	if (n <= 0)
		return NULL;
	target[n] = '\0';
	return *target == '/' ? xstrdup(target)
			      : xasprintf("%s/%s", above, target);
}

static int make(
    const struct root *root, const char *path, bool directory, int links);

/* Make name in the directory above, which is made first if need be. */
static int
make_below(const struct root *root, const char *above, const char *name,
    bool directory, int links)
{
	int parent = make(root, *above ? above : "/", true, links), fd;
	char *other;

	if (parent < 0 || !*name || strcmp(name, ".") == 0)
		return parent;
	fd = make_at(parent, name, directory);
	if (fd < 0 && errno == ELOOP && links < LINKS_MAX &&
	    (other = link_follow(parent, above, name))) {
		fd = make(root, other, directory, links + 1);
		free(other);
	}
	close(parent);
	return fd;
}

static bool
is_missing(const struct root *root, const char *path)
{
	int fd = path_open(root, path);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == ENOENT;
}

/*
 * The path without what isn't there and is left again by "..": "/a/../b" is
 * "/b" where "/a" is missing, as other runtimes have it.  Owned.
 */
static char *
path_fold(const struct root *root, const char *path)
{
	char *copy = xstrdup(path), *rest = copy, *name, *slash;
	struct buf to = {0};

	while ((name = strsep(&rest, "/"))) {
		if (strcmp(name, "..") == 0 && to.len &&
		    is_missing(root, to.data)) {
			slash = strrchr(to.data, '/');
			to.len = slash - to.data;
			*slash = '\0';
		} else if (*name && strcmp(name, ".") != 0) {
			buf_addf(&to, "/%s", name);
		}
	}
	if (!to.len)
		buf_adds(&to, "/");
	free(copy);
	return buf_take(&to);
}

static int
make(const struct root *root, const char *path, bool directory, int links)
{
	char *copy, *name, *slash;
	int fd = path_open(root, path);

	if (fd >= 0 || errno != ENOENT || !path[strspn(path, "/")])
		return fd;
	copy = strstr(path, "..") ? path_fold(root, path) : xstrdup(path);
	for (size_t n = strlen(copy); n && copy[n - 1] == '/';)
		copy[--n] = '\0';
	slash = strrchr(copy, '/');
	name = slash ? slash + 1 : copy;
	if (slash)
		*slash = '\0';
	fd = make_below(root, slash ? copy : "", name, directory, links);
	free(copy);
	return fd;
}

int
path_make(const struct root *root, const char *path, bool directory)
{
	return make(root, path, directory, 0);
}
