/* SPDX-License-Identifier: ISC */
/* Members that wait for their turn in a file without a name. */
#include "unpack/input/kept.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/scratch.h"
#include "unpack/input/input.h"

#define RUN (64 << 10)

/* One that is read: several may be, from the one descriptor. */
struct kept_source {
	struct source source;
	int fd;
	off_t at;
	int64_t left;
	unsigned turn;
	unsigned char runs[1 + INPUT_LASTING][RUN];
};

/* Not verified: whoever wrote it, it is as good as the pipe it came from. */
static ssize_t
kept_next(struct source *source, const unsigned char **p)
{
	struct kept_source *s = (struct kept_source *)source;
	unsigned char *run = s->runs[s->turn];
	size_t some = s->left < RUN ? (size_t)s->left : RUN;
	ssize_t n;

	do
		n = pread(s->fd, run, some, s->at);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		source->why = strerror(errno);
		return -1;
	}
	s->at += n;
	s->left -= n;
	*p = run;
	s->turn = (s->turn + 1) % (1 + INPUT_LASTING);
	return n;
}

static int
member_compare(const void *a, const void *b)
{
	const struct kept_member *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int
kept_begin(struct kept *k, const char *name, int64_t size, const char **why)
{
	struct kept_member *m;

	if (size > KEPT_MAX - k->end || k->n == KEPT_MEMBERS_MAX) {
		*why = k->n == KEPT_MEMBERS_MAX
			   ? "more than 131072 members have to wait"
			   : "more than 64 GiB have to wait";
		return -1;
	}
	if (k->fd < 0)
		k->fd = scratch_open(scratch_dir(KEPT_PLACE));
	if (k->fd < 0) {
		*why = strerror(errno);
		return -1;
	}
	m = xmalloc(sizeof *m);
	*m = (struct kept_member){xstrdup(name), k->end, size};
	if (!tsearch(m, &k->members, member_compare)) {
		*why = strerror(ENOMEM);
		return -1;
	}
	k->n++;
	return 0;
}

int
kept_add(struct kept *k, const unsigned char *p, size_t n, const char **why)
{
	if (lseek(k->fd, k->end, SEEK_SET) < 0 || io_write(k->fd, p, n) < 0) {
		*why = strerror(errno);
		return -1;
	}
	k->end += (off_t)n;
	return 0;
}

const struct kept_member *
kept_find(const struct kept *k, const char *name)
{
	const struct kept_member m = {.name = (char *)name};
	void *found = tfind(&m, &k->members, member_compare);

	return found ? *(struct kept_member **)found : NULL;
}

struct source *
kept_source(const struct kept *k, const struct kept_member *m)
{
	struct kept_source *s = xmalloc(sizeof *s);

	s->source =
	    (struct source){.next = kept_next, .lasting = INPUT_LASTING};
	s->turn = 0;
	s->fd = k->fd;
	s->at = m->at;
	s->left = m->size;
	return &s->source;
}

void
kept_done(struct source *s)
{
	free(s);
}
