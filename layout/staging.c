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

#define PREFIX ".write-"
#define DIGITS 12

/* This process's own, for atexit and the signal handler. */
static struct {
	int layout, fd; /* fd is -1 when there is none */
	char name[sizeof PREFIX + DIGITS];
	const char *made;
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
 * Remove the files of a staging directory and itself.  With system calls
 * alone, as this is called in a signal handler.  Again until nothing is left,
 * for directories may show only a part while they change.
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
				if (!unlinkat(fd, e->d_name, 0))
					any = true;
			}
	}
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
		rmdir(own.made);
}

static void
on_signal(int sig)
{
	own_remove();
	raise(sig); /* SA_RESETHAND: now it is what it would have been */
}

static void
signals_catch(void)
{
	static const int signals[] = {
	    SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ};
	struct sigaction sa = {
	    .sa_handler = on_signal, .sa_flags = SA_RESETHAND};
	struct sigaction old;

	sigfillset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!sigaction(signals[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
}

/* Open a staging directory and lock it: -1 where its writer is alive. */
static int
open_locked(int layout, const char *name)
{
	int fd = openat(
	    layout, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	close(fd);
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
		remove_all(layout, stale, e->d_name);
		close(stale);
	}
	closedir(dir);
}

int
staging_make(int layout, const char *made)
{
	uint64_t random;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		diesys("getrandom");
	snprintf(own.name, sizeof own.name, PREFIX "%0*llx", DIGITS,
	    (unsigned long long)(random >> (64 - 4 * DIGITS)));
	own.layout = layout;
	own.made = made;
	if (mkdirat(layout, own.name, 0700)) {
		if (errno == ENOENT)
			return -1;
		diesys("%s", own.name);
	}
	signals_catch();
	atexit(own_remove);
	own.fd = open_locked(layout, own.name);
	if (own.fd < 0)
		diesys("%s", own.name);
	return own.fd;
}
