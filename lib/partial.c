/* SPDX-License-Identifier: ISC */
/* Blobs of a layout that have come in part. */
#include "lib/partial.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 100 /* to lock a file before another process has renamed it */

void
partial_name(const char *digest, char name[DIGEST_MAX])
{
	strcpy(name, digest);
	*strchr(name, ':') = '-';
}

bool
partial_is_name(const char *name)
{
	char digest[DIGEST_MAX];

	return digest_of_name(name, digest);
}

/* A file of another name, too, may be a blob that must stay as it is. */
static bool
is_ours(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() &&
	       st->st_nlink <= 1;
}

/* Whether the file still has the name: it may have been published meanwhile. */
static bool
is_named(int dir, const char *name, const struct stat *st)
{
	struct stat now;

	return !fstatat(dir, name, &now, AT_SYMLINK_NOFOLLOW) &&
	       now.st_dev == st->st_dev && now.st_ino == st->st_ino;
}

/* Lock it: 0, or the error. */
static int
lock(int fd, struct stat *st)
{
	if (fstat(fd, st))
		return errno;
	if (!is_ours(st))
		return EINVAL;
	while (flock(fd, LOCK_EX | LOCK_NB))
		if (errno != EINTR)
			return errno;
	return fstat(fd, st) ? errno : 0;
}

int
partial_open(int dir, const char *name, int flags)
{
	int error = EWOULDBLOCK, fd;
	struct stat st;

	for (int i = 0; i < TRIES; i++) {
		fd = openat(dir, name,
		    flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		    0666);
		if (fd < 0)
			return -1;
		error = lock(fd, &st);
		if (!error && is_named(dir, name, &st))
			return fd;
		close(fd);
		if (error)
			break;
		error = EWOULDBLOCK;
	}
	errno = error;
	return -1;
}
