/* SPDX-License-Identifier: ISC */
/* Blobs that wait for their turn in a file without a name. */
#include "unpack/input/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "unpack/input/input.h"
#include "unpack/input/scratch.h"

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

void
kept_init(struct kept *k, int fd)
{
	*k = (struct kept){.fd = fd};
}

void
kept_begin(struct kept *k, const char *digest)
{
	k->blobs = xreallocarray(k->blobs, k->n + 1, sizeof *k->blobs);
	k->blobs[k->n++] = (struct kept_blob){.digest = digest, .at = k->end};
}

int
kept_add(struct kept *k, const unsigned char *p, size_t n, const char **why)
{
	if (k->fd < 0)
		k->fd = scratch_open();
	if (k->fd < 0 || lseek(k->fd, k->end, SEEK_SET) < 0 ||
	    io_write(k->fd, p, n) < 0) {
		*why = strerror(errno);
		return -1;
	}
	k->end += (off_t)n;
	k->blobs[k->n - 1].size += (int64_t)n;
	return 0;
}

static const struct kept_blob *
find(const struct kept *k, const char *digest)
{
	for (size_t i = 0; i < k->n; i++)
		if (!strcmp(k->blobs[i].digest, digest))
			return &k->blobs[i];
	return NULL;
}

bool
kept_has(const struct kept *k, const char *digest)
{
	return find(k, digest) != NULL;
}

struct source *
kept_find(const struct kept *k, const char *digest)
{
	const struct kept_blob *b = find(k, digest);
	struct kept_source *s;

	if (!b)
		return NULL;
	s = xmalloc(sizeof *s);
	s->source =
	    (struct source){.next = kept_next, .lasting = INPUT_LASTING};
	s->turn = 0;
	s->fd = k->fd;
	s->at = b->at;
	s->left = b->size;
	return &s->source;
}

void
kept_done(struct source *s)
{
	free(s);
}
