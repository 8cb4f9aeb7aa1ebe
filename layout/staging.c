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

#define PREFIX ".write-"
#define DIGITS 12

/*
 * A file in each staging directory.  Who may write to the layout can rename
 * any directory in it to .write-XXXXXXXXXXXX, but can't put this into one.
 */
#define MARK ".staging"

/* This process's own, for atexit and the signal handler. */
static struct {
	int layout, fd; /* fd is -1 when there is none */
	char name[sizeof PREFIX + DIGITS];
	int parent; /* where the layout was made: */
	char *made; /* its name there, a copy; NULL when it was there */
} own = {.fd = -1};

bool
staging_is_name(const char *name)
{
	size_t len = sizeof PREFIX - 1;

	return !strncmp(name, PREFIX, len) &&
	       strspn(name + len, "0123456789abcdef") == DIGITS &&
	       !name[len + DIGITS];
}

/*
 * Remove the files of a staging directory and itself, the mark last.  With
 * system calls alone, as this is called in a signal handler.  Again until
 * nothing is left, for directories may show only a part while they change.
 */
static void
remove_all(int layout, int fd, const char *name)
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
				    !unlinkat(fd, e->d_name, 0))
					any = true;
			}
	}
	unlinkat(fd, MARK, 0);
	unlinkat(layout, name, AT_REMOVEDIR);
}

static void
own_remove(void)
{
	if (own.fd < 0)
		return;
	remove_all(own.layout, own.fd, own.name);
	own.fd = -1;
	if (own.made)
		unlinkat(own.parent, own.made, AT_REMOVEDIR);
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
 * Open a staging directory and lock it: -1 with EWOULDBLOCK where its writer
 * is alive, with EPERM where it is none that this user has made: another may
 * have put a directory of his own there, with links in it.
 */
static int
open_locked(int layout, const char *name)
{
	int fd = openat(
	    layout, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int error;

	if (fd < 0)
		return -1;
	errno = EPERM;
	if (!fstat(fd, &st) && st.st_uid == geteuid() && !(st.st_mode & 022) &&
	    !flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

void
staging_clean(int layout)
{
	int fd = openat(layout, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	int stale;

	if (!dir)
		diesys("the layout");
	while ((e = readdir(dir))) {
		if (!staging_is_name(e->d_name))
			continue;
		stale = open_locked(layout, e->d_name);
		if (stale < 0)
			continue;
		if (!faccessat(stale, MARK, F_OK, AT_SYMLINK_NOFOLLOW))
			remove_all(layout, stale, e->d_name);
		else
			unlinkat(layout, e->d_name, AT_REMOVEDIR);
		close(stale);
	}
	closedir(dir);
}

/* The mark goes in only after the directory was looked at. */
static void
own_open(void)
{
	int fd = open_locked(own.layout, own.name), mark;

	if (fd < 0 && errno == EPERM)
		die("%s: another user has put a directory in its place",
		    own.name);
	if (fd < 0)
		diesys("%s", own.name);
	own.fd = fd;
	mark = openat(fd, MARK, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (mark < 0)
		diesys("%s/" MARK, own.name);
	close(mark);
}

int
staging_make(int layout, int parent, const char *made)
{
	uint64_t random;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		diesys("getrandom");
	snprintf(own.name, sizeof own.name, PREFIX "%0*llx", DIGITS,
	    (unsigned long long)(random >> (64 - 4 * DIGITS)));
	own.layout = layout;
	own.parent = parent;
	free(own.made);
	own.made = made ? xstrdup(made) : NULL;
	if (mkdirat(layout, own.name, 0700)) {
		if (errno == ENOENT)
			return -1;
		diesys("%s", own.name);
	}
	signals_catch();
	atexit(own_remove);
	own_open();
	return own.fd;
}
