/* SPDX-License-Identifier: ISC */
/* Whole reads, whole writes, whole files. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"

bool
io_again(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	if (errno != EAGAIN)
		return errno == EINTR;
	return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

ssize_t
io_some(int fd, void *p, size_t n)
{
	ssize_t r;

	do
		r = read(fd, p, n);
	while (r < 0 && io_again(fd, POLLIN));
	return r;
}

ssize_t
io_read(int fd, void *p, size_t n)
{
	size_t done = 0;
	ssize_t r;

	while (done < n) {
		r = io_some(fd, (char *)p + done, n - done);
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		done += r;
	}
	return done;
}

int
io_write(int fd, const void *p, size_t n)
{
	const char *at = p;
	ssize_t r;

	while (n) {
		r = write(fd, at, n);
		if (r < 0 && io_again(fd, POLLOUT))
			continue;
		if (r < 0)
			return -1;
		at += r;
		n -= r;
	}
	return 0;
}

char *
io_slurp(int fd, size_t max, size_t *len)
{
	struct buf b = {0};
	struct stat st;
	size_t want = 4096;
	ssize_t r;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (size_t)st.st_size <= max)
		want = st.st_size + 1; /* the 1 sees the end */
	for (;;) {
		r = io_read(fd, buf_reserve(&b, want), want);
		if (r < 0)
			break;
		b.len += r;
		if (b.len > max) {
			errno = EFBIG;
			break;
		}
		if ((size_t)r < want) {
			b.data[b.len] = '\0';
			if (len)
				*len = b.len;
			return buf_take(&b);
		}
	}
	buf_free(&b);
	return NULL;
}

char *
io_slurp_at(int dirfd, const char *name, size_t max, size_t *len)
{
	char *text;
	int fd, error;

	fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	text = io_slurp(fd, max, len);
	error = errno;
	close(fd);
	errno = error;
	return text;
}

/* Write a new file, and bring it to the disk: 0, or -1 and no file. */
static int
write_new(int dirfd, const char *name, const void *p, size_t n, mode_t mode,
    bool sync)
{
	int fd, error;

	unlinkat(dirfd, name, 0);
	fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return -1;
	if (io_write(fd, p, n) == 0 && (!sync || fsync(fd) == 0) &&
	    close(fd) == 0)
		return 0;
	error = errno;
	close(fd);
	unlinkat(dirfd, name, 0);
	errno = error;
	return -1;
}

static int
dir_sync(int dirfd)
{
	int fd, r;

	/* dirfd may be AT_FDCWD or O_PATH, neither of which can be synced. */
	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	r = fsync(fd);
	close(fd);
	return r;
}

static int
replace(int dirfd, const char *name, const void *p, size_t n, mode_t mode,
    bool sync)
{
	char *temporary;
	int r, error;

	temporary = xasprintf(".%s.%d.tmp", name, (int)getpid());
	r = write_new(dirfd, temporary, p, n, mode, sync);
	if (r == 0 && renameat(dirfd, temporary, dirfd, name) < 0) {
		error = errno;
		unlinkat(dirfd, temporary, 0);
		errno = error;
		r = -1;
	}
	if (r == 0 && sync)
		r = dir_sync(dirfd);
	free(temporary);
	return r;
}

int
io_replace(int dirfd, const char *name, const void *p, size_t n, mode_t mode)
{
	return replace(dirfd, name, p, n, mode, true);
}

int
io_replace_unsynced(
    int dirfd, const char *name, const void *p, size_t n, mode_t mode)
{
	return replace(dirfd, name, p, n, mode, false);
}
