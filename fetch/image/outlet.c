/* SPDX-License-Identifier: ISC */
/* Standard output, where the stream goes. */
#include "fetch/image/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"

#define PIPE_SIZE (1 << 20)
#define HELD (256 << 10)
#define SMALL (16 << 10) /* CURL_MAX_WRITE_SIZE, and what seldom blocks */

static _Noreturn void
write_failed(void)
{
	if (errno == EPIPE)
		die("standard output: the reader of the image has gone");
	diesys("standard output");
}

/*
 * A pipe may be another program's, too, whose writes are to block: this
 * program gets an opening of its own, which doesn't.  Where that can't be had,
 * writes of a piece each block for a moment only.
 */
static bool
pipe_unblock(int fd)
{
	char name[32];
	int mine, flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && flags & O_NONBLOCK)
		return true;
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	mine = open(name, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (mine < 0)
		return false;
	if (dup2(mine, fd) < 0)
		diesys("standard output");
	close(mine);
	return true;
}

void
outlet_open(struct outlet *o, int fd)
{
	struct stat st;

	*o = (struct outlet){.fd = fd, .held = xmalloc(HELD)};
	if (fstat(fd, &st))
		diesys("standard output");
	o->blocks = !S_ISREG(st.st_mode);
	if (!S_ISFIFO(st.st_mode))
		return;
	o->blocks = !pipe_unblock(fd);
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE); /* fewer turns of the two */
}

static bool
is_writable(const struct outlet *o)
{
	struct pollfd p = {.fd = o->fd, .events = POLLOUT};

	if (poll(&p, 1, 0) < 0)
		return true;
	if (p.revents & POLLERR) {
		errno = EPIPE;
		write_failed();
	}
	return p.revents; /* whatever is wrong, write(2) will say */
}

void
outlet_look(const struct outlet *o)
{
	is_writable(o);
}

/* Write some of what was gathered: false when the reader isn't ready. */
static bool
write_some(struct outlet *o, bool wait)
{
	size_t n = o->n;
	ssize_t r;

	if (o->blocks && !wait) {
		if (!is_writable(o))
			return false;
		n = n < SMALL ? n : SMALL;
	}
	r = write(o->fd, o->held + o->at, n);
	if (r < 0 && errno == EAGAIN && !wait)
		return false;
	if (r < 0 && !io_again(o->fd, POLLOUT))
		write_failed();
	if (r > 0) {
		o->at += (size_t)r;
		o->n -= (size_t)r;
	}
	return true;
}

/* Write it all, or what can be written without waiting: whether it is all. */
static bool
push(struct outlet *o, bool wait)
{
	while (o->n)
		if (!write_some(o, wait))
			return false;
	o->at = 0;
	return true;
}

bool
outlet_flush(struct outlet *o)
{
	return push(o, o->wait);
}

static size_t
room(const struct outlet *o)
{
	return HELD - o->at - o->n;
}

bool
outlet_ready(struct outlet *o)
{
	return room(o) >= SMALL || o->wait || push(o, false);
}

void
outlet_write(struct outlet *o, const void *p, size_t n)
{
	const char *from = p;
	size_t some;

	for (; n; n -= some, from += some) {
		if (!room(o))
			push(o, true);
		some = n < room(o) ? n : room(o);
		memcpy(o->held + o->at + o->n, from, some);
		o->n += some;
	}
}

/* To what was gathered: -1 with errno. */
static ssize_t
gather(struct outlet *o, int file, off_t at, size_t n)
{
	ssize_t r;

	if (room(o) < SMALL)
		push(o, true);
	n = n < room(o) ? n : room(o);
	r = pread(file, o->held + o->at + o->n, n, at);
	o->n += r > 0 ? (size_t)r : 0;
	return r;
}

/*
 * From the file's pages into the pipe without copying: -1 with errno.  A file
 * that is open for appending takes nothing in this way.
 */
static ssize_t
lend(struct outlet *o, int file, off_t at, size_t n)
{
	ssize_t r;

	for (;;) {
		r = sendfile(o->fd, file, &at, n);
		if (r >= 0 || errno == EINVAL)
			break;
		if (errno == EAGAIN && !o->wait)
			return 0;
		if (!io_again(o->fd, POLLOUT))
			write_failed();
	}
	if (r == 0)
		die("a temporary file is shorter than it was");
	return r < 0 ? gather(o, file, at, n) : r;
}

size_t
outlet_copy(struct outlet *o, int file, int64_t offset, size_t n)
{
	ssize_t r;

	if (!outlet_ready(o))
		return 0;
	if (n <= SMALL) {
		r = gather(o, file, offset, n);
	} else {
		if (!outlet_flush(o) ||
		    (o->blocks && !o->wait && !is_writable(o)))
			return 0;
		r = lend(o, file, offset, n);
		if (!r)
			return 0;
	}
	if (r < 0)
		diesys("a temporary file");
	if (r == 0)
		die("a temporary file is shorter than it was");
	return (size_t)r;
}

void
outlet_close(struct outlet *o)
{
	push(o, true);
	free(o->held);
	if (close(o->fd) < 0)
		write_failed();
}
