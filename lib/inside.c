/* SPDX-License-Identifier: ISC */
/* Opening what lies below a directory that somebody else filled. */
#include "lib/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/mem.h"

#define LINKS_MAX 40 /* as the kernel has it */

/* Whether the call answered; if not, the caller does without it. */
static bool
by_openat2(int dir, const char *path, int flags, uint64_t resolve, int *fd)
{
	static bool missing;
	struct open_how how = {
	    .flags = (unsigned)flags | O_CLOEXEC, .resolve = resolve};

	if (missing)
		return false;
	/* EAGAIN: something was renamed while the kernel looked for "..". */
	do
		*fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
	while (*fd < 0 && errno == EAGAIN);
	/* What is opened here for reading has no other reason for EPERM. */
	missing = *fd < 0 && (errno == ENOSYS || errno == EPERM);
	return !missing;
}

static bool
is_link(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISLNK(st.st_mode);
}

/* By its number where the file system tells, so that binds are seen, too. */
static bool
same_mount(int a, int b)
{
	struct file_handle handle = {0};
	struct stat sa, sb;
	int ida = -1, idb = -1;

	name_to_handle_at(a, "", &handle, &ida, AT_EMPTY_PATH);
	handle.handle_bytes = 0;
	name_to_handle_at(b, "", &handle, &idb, AT_EMPTY_PATH);
	return ida == idb && fstat(a, &sa) == 0 && fstat(b, &sb) == 0 &&
	       sa.st_dev == sb.st_dev;
}

/* One name of a directory, no link followed; other mounts only if asked. */
static int
open_name(int dir, const char *name, int flags, bool mounts)
{
	int fd, error;

	if (!strcmp(name, "..")) {
		errno = EXDEV;
		return -1;
	}
	fd = openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC);
	error = fd < 0 ? errno : 0;
	/* O_DIRECTORY spoke of the link, O_PATH has opened it. */
	if ((error == ENOTDIR || (!error && !(flags & O_NOFOLLOW))) &&
	    is_link(dir, name))
		error = ELOOP;
	else if (!error && !mounts && !same_mount(dir, fd))
		error = EXDEV;
	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

/* Names with a '/' between them, one after the other. */
static int
open_names(int dir, const char *path, int flags, bool mounts)
{
	char name[NAME_MAX + 1];
	int at = dir, fd;
	size_t n;

	do {
		n = strcspn(path, "/");
		if (n > NAME_MAX) {
			fd = -1;
			errno = ENAMETOOLONG;
		} else {
			memcpy(name, n ? path : ".", n ? n : 1);
			name[n ? n : 1] = '\0';
			path += n + (path[n] == '/');
			fd = open_name(at, name,
			    *path ? O_PATH | O_DIRECTORY : flags, mounts);
		}
		if (at != dir) {
			int error = errno;

			close(at);
			errno = error;
		}
		at = fd;
	} while (fd >= 0 && *path);
	return fd;
}

int
inside_open(int dir, const char *path, int flags)
{
	int fd;

	if (by_openat2(dir, *path ? path : ".", flags,
		RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
		    RESOLVE_NO_XDEV,
		&fd))
		return fd;
	return open_names(dir, path, flags, false);
}

/* A path on its way: names without links so far, and what is to come. */
struct walk {
	int root;
	bool mounts; /* may be entered */
	struct buf done;
	char *rest; /* owned */
	int links;
};

static void
walk_cut(struct walk *w, size_t len)
{
	w->done.len = len;
	if (w->done.data)
		w->done.data[len] = '\0';
}

/* Put the target of a link before the rest; before is what done was. */
static int
walk_link(struct walk *w, int link, size_t before, bool more)
{
	char target[PATH_MAX], *rest;
	ssize_t n = readlinkat(link, "", target, sizeof target - 1);

	if (n < 0)
		return -1;
	if (++w->links > LINKS_MAX) {
		errno = ELOOP;
		return -1;
	}
	target[n] = '\0';
	walk_cut(w, *target == '/' ? 0 : before);
	rest = more ? xasprintf("%s/%s", target, w->rest) : xstrdup(target);
	free(w->rest);
	w->rest = rest;
	return 0;
}

/* A name, of which there is more to come or not: 0, or -1 with errno. */
static int
walk_name(struct walk *w, const char *name, size_t len, bool more, bool follow)
{
	size_t before = w->done.len;
	struct stat st;
	int fd, r;

	if (len == 2 && !memcmp(name, "..", 2)) {
		while (w->done.len && w->done.data[--w->done.len] != '/')
			;
		walk_cut(w, w->done.len);
		return 0;
	}
	if (before)
		buf_addc(&w->done, '/');
	buf_add(&w->done, name, len);
	fd = open_names(w->root, w->done.data, O_PATH | O_NOFOLLOW, w->mounts);
	if (fd < 0)
		return -1;
	r = fstat(fd, &st);
	if (!r && S_ISLNK(st.st_mode) && (more || follow)) {
		r = walk_link(w, fd, before, more);
	} else if (!r && more && !S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		r = -1;
	}
	close(fd);
	return r;
}

int
inside_root_open(int root, const char *path, int flags, bool mounts)
{
	struct walk w = {.root = root, .mounts = mounts};
	char *name;
	size_t n;
	int fd, r = 0;

	if (by_openat2(root, path, flags,
		RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS |
		    (mounts ? 0 : RESOLVE_NO_XDEV),
		&fd))
		return fd;
	if (!*path) {
		errno = ENOENT;
		return -1;
	}
	w.rest = xstrdup(path);
	while (!r && *w.rest) {
		name = w.rest;
		n = strcspn(name, "/");
		w.rest = xstrdup(name + n + strspn(name + n, "/"));
		if (n && !(n == 1 && *name == '.'))
			r = walk_name(&w, name, n, name[n] != '\0',
			    !(flags & O_NOFOLLOW));
		free(name);
	}
	fd =
	    r ? -1
	      : open_names(root, w.done.data ? w.done.data : "", flags, mounts);
	free(w.rest);
	buf_free(&w.done);
	return fd;
}
