/* SPDX-License-Identifier: ISC */
/* Staging directories: made, locked, removed. */
#include "layout/store/staging.h"

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

#include "layout/store/removal.h"
#include "lib/die.h"
#include "lib/mem.h"

#define WORD "write-"
#define DIGITS 12
#define BASE_MAX 200 /* bytes of the layout's name in that of the directory */

/*
 * What the end of the process removes, by atexit or the signal handler: one of
 * its caller's (a struct store's), from staging_make to staging_remove, and
 * NULL before and after.
 */
static struct staging *volatile registered;

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
	char prefix[sizeof((struct staging *)0)->name];
	size_t len = (size_t)prefix_make(prefix, layout);

	return !strncmp(name, prefix, len) &&
	       strspn(name + len, "0123456789abcdef") == DIGITS &&
	       !name[len + DIGITS];
}

/* Also called in a signal handler. */
void
staging_remove(struct staging *s)
{
	if (s->fd >= 0) {
		removal_all(s->dir, s->fd, s->name);
		s->fd = -1;
		if (s->layout >= 0 &&
		    !unlinkat(s->layout, "blobs", AT_REMOVEDIR))
			futimens(s->layout, s->times);
	}
	registered = NULL; /* only now: a signal may have come before */
}

static void
registered_remove(void)
{
	if (registered)
		staging_remove(registered);
}

static void
on_signal(int sig)
{
	registered_remove();
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
		if (!faccessat(stale, REMOVAL_MARK, F_OK, AT_SYMLINK_NOFOLLOW))
			removal_all(dir, stale, e->d_name);
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
directory_make_locked(const struct staging *s)
{
	struct stat st;
	int fd, error;

	if (mkdirat(s->dir, s->name, 0700)) {
		if (errno == ENOENT)
			return -1;
		diesys("%s: %s", s->path, s->name);
	}
	fd = open_locked(s->dir, s->name, 0);
	if (fd < 0 && errno == ENOTDIR)
		die("%s: %s: another user has put a directory in its place",
		    s->path, s->name);
	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd < 0 || fstat(fd, &st)) {
		error = errno;
		unlinkat(s->dir, s->name, AT_REMOVEDIR);
		errno = error;
		diesys("%s: %s", s->path, s->name);
	}
	if (st.st_nlink)
		return fd;
	close(fd);
	return -1;
}

/* The mark goes in only after the directory was looked at. */
static void
mark_make(const struct staging *s)
{
	int fd = openat(
	    s->fd, REMOVAL_MARK, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		diesys("%s: %s/" REMOVAL_MARK, s->path, s->name);
	close(fd);
}

bool
staging_make(struct staging *s, int dir, const char *layout)
{
	static bool ready;
	uint64_t random;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		diesys("getrandom");
	snprintf(s->name + prefix_make(s->name, layout), DIGITS + 1, "%0*llx",
	    DIGITS, (unsigned long long)(random >> (64 - 4 * DIGITS)));
	s->dir = dir;
	registered = s;
	if (!ready) {
		ready = true;
		signals_catch();
		atexit(registered_remove);
	}
	s->fd = directory_make_locked(s);
	if (s->fd < 0)
		return false;
	mark_make(s);
	return true;
}

void
staging_made_blobs(struct staging *s, int layout, const struct stat *before)
{
	s->times[0] = before->st_atim;
	s->times[1] = before->st_mtim;
	s->layout = layout;
}

void
staging_publishes(struct staging *s)
{
	s->layout = -1;
}
