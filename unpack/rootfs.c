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
#include <unistd.h>

#include "lib/die.h"
#include "lib/directory.h"
#include "lib/mem.h"
#include "unpack/stop.h"
#include "unpack/temporary.h"

/*
 * Nothing is done by name that couldn't be undone where others may rename:
 * of the directory that is being made the descriptor is kept.  There is one in
 * a process, which atexit(3) has to find: rootfs_abandon gets no argument.  It
 * owns the names and descriptors to the end of the process; path is main's.
 */
static struct {
	const char *path;
	char *name; /* its last component */
	int parent;
	bool shared; /* others may rename what is in the parent */

	char *temporary; /* beside it, or NULL */
	int fd;
	int spare[2]; /* descriptors that taking it away will need */
} rootfs;

/* Open the parent directory and leave its child's name in rootfs.name. */
static void
parent_open(const char *path)
{
	struct directory place;

	directory_split(path, &place);
	if (!*place.name || !strcmp(place.name, ".") ||
	    !strcmp(place.name, ".."))
		die("%s: the root file system needs a name: it is made beside "
		    "it and renamed",
		    path);
	if (place.parent < 0)
		diesys("%s: the directory that it goes to", path);
	rootfs.path = path;
	rootfs.name = place.name;
	rootfs.parent = place.parent;
}

/* In a sticky directory only its owner may rename the files of others. */
static bool
is_shared(const struct stat *dir)
{
	return (dir->st_uid && dir->st_uid != geteuid()) ||
	       (dir->st_mode & 022 && !(dir->st_mode & S_ISVTX));
}

void
rootfs_open(const char *path)
{
	struct stat st;

	parent_open(path);
	if (fstat(rootfs.parent, &st) < 0)
		diesys("%s", path);
	rootfs.shared = is_shared(&st);
}

/* The directory name in the parent, or -1. */
static int
open_dir(const char *name)
{
	return openat(rootfs.parent, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool
is_empty(const char *name)
{
	int fd = open_dir(name);
	bool empty = fd >= 0 && directory_is_empty(fd);

	if (fd >= 0)
		close(fd);
	return empty;
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
	if (!S_ISDIR(st.st_mode) || !is_empty(rootfs.name))
		die("%s: exists and is not an empty directory", rootfs.path);
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

/*
 * Who may rename here may have given the name to any directory of ours: then
 * it stays, and it is said.
 */
static void
leftover_remove(const char *name)
{
	int fd = open_dir(name);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || st.st_uid != geteuid() ||
	    flock(fd, LOCK_EX | LOCK_NB) < 0 ||
	    !directory_has(rootfs.parent, name, fd))
		;
	else if (rootfs.shared)
		warn("%s: it looks like the rest of a killed run, but others "
		     "may rename in this directory: not removed",
		    name);
	else if (temporary_remove(rootfs.parent, name, fd) < 0)
		warnsys("%s: the rest of a killed run", name);
	close(fd);
}

static void
leftovers_remove(void)
{
	int fd = open_dir(".");
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
	stop_ending();
	if (!rootfs.temporary)
		return;
	for (size_t i = 0; i < 2; i++)
		close(rootfs.spare[i]);
	if (temporary_remove(rootfs.parent, rootfs.temporary, rootfs.fd) < 0)
		warnsys("%s", rootfs.temporary);
}

/*
 * Make the temporary directory and lock it: -1 when another run took it for a
 * leftover before that.  That it is empty and nobody else's is seen by its
 * descriptor.
 */
static int
temporary_make(void)
{
	const char *name = rootfs.temporary;
	struct stat st;
	int fd;

	if (mkdirat(rootfs.parent, name, 0700) < 0 ||
	    ((fd = open_dir(name)) < 0 && errno != ENOENT))
		diesys("%s", rootfs.path);
	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX) < 0)
		diecall("flock", rootfs.path);
	if (fstat(fd, &st) < 0)
		diesys("%s", rootfs.path);
	if (!st.st_nlink) {
		close(fd);
		return -1;
	}
	if (st.st_uid != geteuid() || (st.st_mode & 0777) != 0700 ||
	    !directory_is_empty(fd) || !directory_has(rootfs.parent, name, fd))
		die("%s: another user has put a directory in its place", name);
	return fd;
}

int
rootfs_begin(void)
{
	char *name = xasprintf(".%.200s.%d.tmp", rootfs.name, getpid());

	leftovers_remove();
	target_check();
	rootfs.temporary = name;
	do
		rootfs.fd = temporary_make();
	while (rootfs.fd < 0);
	for (size_t i = 0; i < 2; i++)
		rootfs.spare[i] = fcntl(rootfs.fd, F_DUPFD_CLOEXEC, 3);
	atexit(rootfs_abandon);
	temporary_settle(rootfs.fd, rootfs.path);
	return rootfs.fd;
}

int
rootfs_scratch(void)
{
	int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(rootfs.fd, "scratch", flags, 0600);

	if (fd < 0 || unlinkat(rootfs.fd, "scratch", 0) < 0)
		diesys("%s", rootfs.path);
	return fd;
}

void
rootfs_publish(void)
{
	if (renameat(rootfs.parent, rootfs.temporary, rootfs.parent,
		rootfs.name) < 0)
		diesys("%s", rootfs.path);
	if (!directory_has(rootfs.parent, rootfs.name, rootfs.fd))
		die("%s: another user has put a directory in its place",
		    rootfs.path);
	rootfs.temporary = NULL;
}
