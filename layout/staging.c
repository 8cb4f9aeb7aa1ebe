/* SPDX-License-Identifier: ISC */
/* Staging directories: made, locked, removed. */
#include "layout/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"

#define WORD "write-"
#define DIGITS 12
#define BASE_MAX 200 /* bytes of the layout's name in that of the directory */

/* Directories in one another that staging has: layout/blobs/sha256. */
#define DEPTH_MAX 4

/*
 * A file in each staging directory.  Who may write to the directory that it is
 * in can rename any other to such a name, but can't put this into one.
 */
#define MARK ".staging"

/* This process's own, for atexit and the signal handler. */
static struct {
	int dir, fd; /* where it is; fd is -1 when there is none */
	char name[BASE_MAX + sizeof "." WORD "." + DIGITS];
	int layout;               /* in which blobs/ was made for it, else -1 */
	struct timespec times[2]; /* of the layout before that */
} own = {.fd = -1, .layout = -1};

/* ".write-" where layout is NULL, else ".LAYOUT.write-". */
static int
prefix_make(char *to, const char *layout)
{
	return layout ? sprintf(to, ".%.*s." WORD, BASE_MAX, layout)
		      : sprintf(to, "." WORD);
}

bool
staging_is_name(const char *name, const char *layout)
{
	char prefix[sizeof own.name];
	size_t len = (size_t)prefix_make(prefix, layout);

	return !strncmp(name, prefix, len) &&
	       strspn(name + len, "0123456789abcdef") == DIGITS &&
	       !name[len + DIGITS];
}

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
				if (strcmp(e->d_name, MARK) &&
				    strcmp(e->d_name, ".") &&
				    strcmp(e->d_name, "..") &&
				    entry_remove(fd, e->d_name, depth))
					any = true;
			}
	}
}

/* Remove a staging directory, the mark last. */
static void
remove_all(int dir, int fd, const char *name)
{
	empty(fd, 0);
	unlinkat(fd, MARK, 0);
	unlinkat(dir, name, AT_REMOVEDIR);
}

static void
own_remove(void)
{
	if (own.fd < 0)
		return;
	remove_all(own.dir, own.fd, own.name);
	own.fd = -1;
	if (own.layout >= 0 && !unlinkat(own.layout, "blobs", AT_REMOVEDIR))
		futimens(own.layout, own.times);
}

static void
on_signal(int sig)
{
	own_remove();
	raise(sig); /* SA_RESETHAND: now it is what it would have been */
}

/* Nothing is masked: whoever can't wait for the removal sends a second one. */
static void
signals_catch(void)
{
	static const int signals[] = {
	    SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ};
	struct sigaction sa = {
	    .sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_NODEFER};
	struct sigaction old;

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!sigaction(signals[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
}

/*
 * Open a staging directory and lock it; wait: LOCK_NB or 0.  -1 with
 * EWOULDBLOCK where its writer is alive, with ENOTDIR where it is none that
 * this user has made: another may have put a directory of his own there, with
 * links in it.
 */
static int
open_locked(int dir, const char *name, int wait)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int error;

	if (fd < 0)
		return -1;
	error = ENOTDIR;
	if (!fstat(fd, &st) && st.st_uid == geteuid() && !(st.st_mode & 022)) {
		if (!flock(fd, LOCK_EX | wait))
			return fd;
		error = errno;
		if (!wait) {
			unlinkat(dir, name, AT_REMOVEDIR);
			errno = error;
			diecall("flock", name);
		}
	}
	close(fd);
	errno = error;
	return -1;
}

void
staging_clean(int dir, const char *layout)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	int stale;

	if (!list)
		return; /* it may be written to without being read */
	while ((e = readdir(list))) {
		if (!staging_is_name(e->d_name, layout))
			continue;
		stale = open_locked(dir, e->d_name, LOCK_NB);
		if (stale < 0)
			continue;
		if (!faccessat(stale, MARK, F_OK, AT_SYMLINK_NOFOLLOW))
			remove_all(dir, stale, e->d_name);
		else
			unlinkat(dir, e->d_name, AT_REMOVEDIR);
		close(stale);
	}
	closedir(list);
}

/*
 * Make the directory and lock it: -1 when another run took it for a leftover
 * before that, or when the directory that it was to be in has gone.
 */
static int
directory_make_locked(void)
{
	struct stat st;
	int fd;

	if (mkdirat(own.dir, own.name, 0700)) {
		if (errno == ENOENT)
			return -1;
		diesys("%s", own.name);
	}
	fd = open_locked(own.dir, own.name, 0);
	if (fd < 0 && errno == ENOTDIR)
		die("%s: another user has put a directory in its place",
		    own.name);
	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd < 0 || fstat(fd, &st))
		diesys("%s", own.name);
	if (st.st_nlink)
		return fd;
	close(fd);
	return -1;
}

/* The mark goes in only after the directory was looked at. */
static void
mark_make(void)
{
	int fd =
	    openat(own.fd, MARK, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		diesys("%s/" MARK, own.name);
	close(fd);
}

int
staging_make(int dir, const char *layout)
{
	static bool ready;
	uint64_t random;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		diesys("getrandom");
	snprintf(own.name + prefix_make(own.name, layout), DIGITS + 1, "%0*llx",
	    DIGITS, (unsigned long long)(random >> (64 - 4 * DIGITS)));
	own.dir = dir;
	if (!ready) {
		ready = true;
		signals_catch();
		atexit(own_remove);
	}
	own.fd = directory_make_locked();
	if (own.fd >= 0)
		mark_make();
	return own.fd;
}

void
staging_made_blobs(int layout, const struct stat *before)
{
	own.times[0] = before->st_atim;
	own.times[1] = before->st_mtim;
	own.layout = layout;
}

void
staging_publishes(void)
{
	own.layout = -1;
}
