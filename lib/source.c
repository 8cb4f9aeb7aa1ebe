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
	unsigned char *run = s->buf + s->turn * (size_t)RUN;
	ssize_t n = io_some(s->fd, run, RUN);

	if (n < 0)
		source->why = strerror(errno);
	else
		s->read += n;
	*p = run;
	s->turn = s->turn < source->lasting ? s->turn + 1 : 0;
	return n;
}

void
source_fd_init(struct source_fd *s, int fd, unsigned lasting)
{
	*s = (struct source_fd){
	    .source = {.next = source_fd_next, .lasting = lasting}, .fd = fd};
	s->buf = xmalloc((size_t)RUN * (1 + lasting));
}
