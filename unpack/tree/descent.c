/* SPDX-License-Identifier: ISC */
/* The way down into a tree and up again, by descriptor. */
#include "unpack/tree/descent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct id {
	uint32_t major, minor;
	uint64_t ino;
};

void
descent_init(struct descent *d, int top)
{
	*d = (struct descent){.top = top, .first = 1};
}

int
descent_fd(const struct descent *d)
{
	return d->depth ? d->fds[d->depth % DESCENT_OPEN] : d->top;
}

/* Close the one nearest to the top, unless it is where we are. */
static bool
close_first(struct descent *d)
{
	if (d->first >= d->depth)
		return false;
	close(d->fds[d->first++ % DESCENT_OPEN]);
	return true;
}

void
descent_end(struct descent *d)
{
	while (close_first(d))
		;
	if (d->depth)
		close(descent_fd(d));
	buf_free(&d->ids);
}

/* A mode such as 0 keeps even its owner out, who may change it. */
static int
open_closed(int dir, const char *name)
{
	int at = openat(dir, name, FLAGS | O_PATH), fd = -1, error;
	char path[32];

	if (at < 0)
		return -1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", at);
	if (chmod(path, 0700) == 0)
		fd = openat(at, ".", FLAGS);
	error = errno;
	close(at);
	errno = error;
	return fd;
}

/* Open a directory, and close others if there are too many. */
static int
open_at(struct descent *d, const char *name)
{
	int fd;

	do
		fd = openat(descent_fd(d), name, FLAGS);
	while (
	    fd < 0 && (errno == EMFILE || errno == ENFILE) && close_first(d));
	if (fd < 0 && errno == EACCES)
		fd = open_closed(descent_fd(d), name);
	return fd;
}

static int
fail(int fd, int error)
{
	close(fd);
	errno = error;
	return -1;
}

/* What a directory is, made its owner's to read and write. */
static int
identify(int fd, struct id *id)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MODE | STATX_INO, &st) < 0)
		return -1;
	id->major = st.stx_dev_major;
	id->minor = st.stx_dev_minor;
	id->ino = st.stx_ino;
	if (st.stx_attributes & STATX_ATTR_MOUNT_ROOT) {
		errno = EBUSY;
		return -1;
	}
	if ((st.stx_mode & 0700) != 0700)
		fchmod(fd, st.stx_mode | 0700);
	return 0;
}

int
descent_down(struct descent *d, const char *name)
{
	int fd = open_at(d, name);
	struct id id;

	if (fd < 0)
		return -1;
	if (identify(fd, &id) < 0)
		return fail(fd, errno);
	buf_add(&d->ids, &id, sizeof id);
	if (d->depth + 1 - d->first == DESCENT_OPEN)
		close_first(d);
	d->depth++;
	d->fds[d->depth % DESCENT_OPEN] = fd;
	return 0;
}

/* Open the parent, which was closed. */
static int
reopen(struct descent *d)
{
	int fd = openat(descent_fd(d), "..", FLAGS);
	struct id id;

	if (fd < 0)
		return -1;
	if (identify(fd, &id) < 0)
		return fail(fd, errno);
	if (memcmp(&id, d->ids.data + (d->depth - 2) * sizeof id, sizeof id))
		return fail(fd, ESTALE);
	d->first = d->depth - 1;
	d->fds[d->first % DESCENT_OPEN] = fd;
	return 0;
}

int
descent_leave(struct descent *d)
{
	int fd = descent_fd(d);

	if (d->depth > 1 && d->first == d->depth && reopen(d) < 0)
		return -1;
	d->depth--;
	d->ids.len -= sizeof(struct id);
	return fd;
}

int
descent_up(struct descent *d)
{
	int fd = descent_leave(d);

	return fd < 0 ? -1 : close(fd);
}
