/* SPDX-License-Identifier: ISC */
/* Blobs that wait for their turn in a file without a name. */
#include "unpack/input/kept.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"

#define RUN (256 << 10)

/* Not verified: whoever wrote it, it is as good as the pipe it came from. */
static ssize_t
kept_next(struct source *source, const unsigned char **p)
{
	struct kept *k =
	    (struct kept *)((char *)source - offsetof(struct kept, source));
	size_t some = k->left < RUN ? (size_t)k->left : RUN;
	ssize_t n;

	do
		n = pread(k->fd, k->buf, some, k->at);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		source->why = strerror(errno);
		return -1;
	}
	k->at += n;
	k->left -= n;
	*p = k->buf;
	return n;
}

void
kept_init(struct kept *k, int fd)
{
	*k = (struct kept){.fd = fd, .source.next = kept_next};
	k->buf = xmalloc(RUN);
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
	if (lseek(k->fd, k->end, SEEK_SET) < 0 || io_write(k->fd, p, n) < 0) {
		*why = strerror(errno);
		return -1;
	}
	k->end += (off_t)n;
	k->blobs[k->n - 1].size += (int64_t)n;
	return 0;
}

struct source *
kept_find(struct kept *k, const char *digest)
{
	for (size_t i = 0; i < k->n; i++)
		if (!strcmp(k->blobs[i].digest, digest)) {
			k->at = k->blobs[i].at;
			k->left = k->blobs[i].size;
			return &k->source;
		}
	return NULL;
}
