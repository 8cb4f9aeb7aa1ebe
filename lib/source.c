/* SPDX-License-Identifier: ISC */
/* A descriptor as a source of bytes. */
#include "lib/source.h"

#include <errno.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"

/* The most that a pipe holds is 1 MiB; past 256 KiB nothing gets faster. */
#define RUN (256 << 10)

static ssize_t
source_fd_next(struct source *source, const unsigned char **p)
{
	struct source_fd *s = (struct source_fd *)source;
	ssize_t n = io_some(s->fd, s->buf, RUN);

	if (n < 0)
		source->why = strerror(errno);
	else
		s->read += n;
	*p = s->buf;
	return n;
}

void
source_fd_init(struct source_fd *s, int fd)
{
	s->source.next = source_fd_next;
	s->source.why = NULL;
	s->fd = fd;
	s->read = 0;
	s->buf = xmalloc(RUN);
}
