/* SPDX-License-Identifier: ISC */
/*
 * The directory that is published in one step.  While a process is at work in
 * a temporary one it holds a lock on it: what isn't locked is a leftover.
 */
#include "unpack/rootfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "unpack/removal.h"

static struct {
	const char *path;
	char *name;      /* its last component */
	char *temporary; /* beside it, or NULL */
	int parent;
} rootfs;

/* Open the parent directory and leave its child's name in rootfs.name. */
static void
parent_open(const char *path)
{
	char *copy = xstrdup(path), *slash;
	size_t n = strlen(copy);

	while (n > 1 && copy[n - 1] == '/')
		copy[--n] = 0;
	slash = strrchr(copy, '/');
	rootfs.path = path;
	rootfs.name = xstrdup(slash ? slash + 1 : copy);
	if (!*rootfs.name || !strcmp(rootfs.name, ".") ||
	    !strcmp(rootfs.name, ".."))
		die("%s: the root file system needs a name: it is made beside "
		    "it and renamed",
		    path);
	if (slash)
		slash[slash == copy] = 0;
	rootfs.parent =
	    open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rootfs.parent < 0)
		diesys("%s", slash ? copy : ".");
	free(copy);
}

static bool
is_empty(int parent, const char *name)
{
	int fd = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	int n = 0;

	if (!dir)
		return false;
	while (n < 3 && (e = readdir(dir)))
		n++;
	closedir(dir);
	return n == 2;
}

static void
target_check(void)
{
	struct stat st, up;

	if (fstatat(rootfs.parent, rootfs.name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			diesys("%s", rootfs.path);
		return;
	}
	if (!S_ISDIR(st.st_mode) || !is_empty(rootfs.parent, rootfs.name))
		die("%s: it exists, and is not an empty directory",
		    rootfs.path);
	if (fstat(rootfs.parent, &up) == 0 && up.st_dev != st.st_dev)
		die("%s: something is mounted there: unpack to a directory in "
		    "it",
		    rootfs.path);
}

/* Whether name is ".NAME.PID.tmp". */
static bool
is_temporary(const char *name)
{
	size_t n = strlen(rootfs.name);

	if (n > 200)
		n = 200;
	if (*name++ != '.' || strncmp(name, rootfs.name, n))
		return false;
	name += n;
	if (*name++ != '.' || *name < '0' || *name > '9')
		return false;
	return !strcmp(name + strspn(name, "0123456789"), ".tmp");
}

static void
leftover_remove(const char *name)
{
	int fd = openat(rootfs.parent, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		removal_try(rootfs.parent, name);
	close(fd);
}

static void
leftovers_remove(void)
{
	int fd = openat(rootfs.parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!dir)
		diesys("%s", rootfs.path);
	while ((e = readdir(dir)))
		if (is_temporary(e->d_name))
			leftover_remove(e->d_name);
	closedir(dir);
}

static void
rootfs_abandon(void)
{
	if (rootfs.temporary &&
	    removal_try(rootfs.parent, rootfs.temporary) < 0)
		warnsys("%s", rootfs.temporary);
}

/* Nothing of the parent directory's shall be inherited by the files. */
static void
inherit_nothing(int fd)
{
	fremovexattr(fd, "system.posix_acl_default");
	fremovexattr(fd, "system.posix_acl_access");
	if (fchown(fd, (uid_t)-1, getegid()) < 0 || fchmod(fd, 0700) < 0)
		diesys("%s", rootfs.path);
}

int
rootfs_begin(const char *path)
{
	struct stat st;
	int fd;

	parent_open(path);
	target_check();
	leftovers_remove();
	rootfs.temporary = xasprintf(".%.200s.%d.tmp", rootfs.name, getpid());
	atexit(rootfs_abandon);
	do {
		/* One that doesn't hold its lock yet looks like a leftover. */
		if (mkdirat(rootfs.parent, rootfs.temporary, 0700) < 0 ||
		    (fd = openat(rootfs.parent, rootfs.temporary,
			 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) <
			0) {
			free(rootfs.temporary);
			rootfs.temporary = NULL;
			diesys("%s", path);
		}
		if (flock(fd, LOCK_EX) < 0 || fstat(fd, &st) < 0)
			diesys("%s", path);
	} while (!st.st_nlink);
	inherit_nothing(fd);
	return fd;
}

void
rootfs_publish(void)
{
	if (renameat(rootfs.parent, rootfs.temporary, rootfs.parent,
		rootfs.name) < 0)
		diesys("%s", rootfs.path);
	rootfs.temporary = NULL;
}
