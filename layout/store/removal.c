/* SPDX-License-Identifier: ISC */
/* Staging directories and what is in them: removed. */
#include "layout/store/removal.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Directories in one another that staging has: layout/blobs/sha256. */
#define DEPTH_MAX 4

static void empty(int fd, int depth);

/* Remove a file or directory; whether it was there and is gone. */
static bool
entry_remove(int dir, const char *name, int depth)
{
	int fd;

	if (!unlinkat(dir, name, 0))
		return true;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (depth < DEPTH_MAX)
		empty(fd, depth + 1);
	close(fd);
	return !unlinkat(dir, name, AT_REMOVEDIR);
}

/*
 * Remove what is in a directory, but for the mark.  With system calls alone,
 * as this is called in a signal handler.  Again until nothing is left, for
 * directories may show only a part while they change.
 */
static void
empty(int fd, int depth)
{
	_Alignas(struct dirent64) char entries[4096];
	struct dirent64 *e;
	bool any = true;
	ssize_t n;

	while (any) {
		any = false;
		lseek(fd, 0, SEEK_SET);
		while ((n = getdents64(fd, entries, sizeof entries)) > 0)
			for (char *p = entries; p < entries + n;
			     p += e->d_reclen) {
				e = (struct dirent64 *)p;
				if (strcmp(e->d_name, REMOVAL_MARK) &&
				    strcmp(e->d_name, ".") &&
				    strcmp(e->d_name, "..") &&
				    entry_remove(fd, e->d_name, depth))
					any = true;
			}
	}
}

void
removal_all(int dir, int fd, const char *name)
{
	empty(fd, 0);
	unlinkat(fd, REMOVAL_MARK, 0);
	unlinkat(dir, name, AT_REMOVEDIR);
}

bool
removal_entry(int dir, const char *name)
{
	struct stat st;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    st.st_uid != geteuid() || st.st_mode & 022)
		return false;
	if (!S_ISDIR(st.st_mode))
		return !unlinkat(dir, name, 0);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	removal_all(dir, fd, name);
	close(fd);
	return faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}
