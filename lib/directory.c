/* SPDX-License-Identifier: ISC */
/* Directories that a program makes, and shares with others by a lock. */
#include "lib/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"

void
directory_split(const char *path, struct directory *d)
{
	char *parent = xstrdup(path), *end = parent + strlen(parent), *slash;

	while (end > parent + 1 && end[-1] == '/')
		*--end = '\0';
	slash = strrchr(parent, '/');
	d->name = xstrdup(slash ? slash + 1 : parent);
	if (slash)
		slash[slash == parent] = '\0';
	d->parent =
	    open(slash ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(parent);
}

int
directory_make(const char *path, mode_t mode, struct directory *made)
{
	struct stat st;
	int fd;

	directory_split(path, made);
	if (made->parent < 0)
		diesys("%s", path);
	if (mkdirat(made->parent, made->name, mode)) {
		if (errno != EEXIST)
			diesys("%s", path);
		directory_forget(made);
		return -1;
	}
	fd = openat(made->parent, made->name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		diesys("%s", path);
	if (st.st_uid != geteuid())
		die("%s: another user has put a directory in its place", path);
	return fd;
}

bool
directory_has(int dir, const char *name, int fd)
{
	struct stat a, b;

	return !fstat(fd, &a) && !fstatat(dir, name, &b, AT_SYMLINK_NOFOLLOW) &&
	       a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

bool
directory_is_empty(int dir)
{
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), n = 0;
	DIR *d = again < 0 ? NULL : fdopendir(again);

	if (!d)
		return false;
	while (n < 3 && readdir(d))
		n++;
	closedir(d);
	return n == 2;
}

void
directory_forget(struct directory *made)
{
	if (made->name)
		close(made->parent);
	free(made->name);
	*made = (struct directory){.parent = -1};
}

static void
on_alarm(int sig)
{
	(void)sig; /* flock(2) was interrupted, that is all */
}

/* Have the lock of this kind: LOCK_EX or LOCK_SH. */
static void
lock(int fd, const char *path, int kind)
{
	struct sigaction sa = {.sa_handler = on_alarm}, old;
	int r;

	if (!flock(fd, kind | LOCK_NB))
		return;
	sigaction(SIGALRM, &sa, &old);
	alarm(1);
	/* The alarm comes once. */
	while ((r = flock(fd, kind)) && errno == EINTR)
		warn("%s: waiting for another process, which is at work on it",
		    path);
	if (r)
		diecall("flock", path);
	alarm(0);
	sigaction(SIGALRM, &old, NULL);
}

void
directory_lock(int fd, const char *path)
{
	lock(fd, path, LOCK_EX);
}

void
directory_lock_shared(int fd, const char *path)
{
	lock(fd, path, LOCK_SH);
}
