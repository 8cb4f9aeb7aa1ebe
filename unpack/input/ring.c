/* SPDX-License-Identifier: ISC */
/* A ring of sixteen buffers, one thread on either side. */
#include "unpack/input/ring.h"

#include <pthread.h>
#include <stdbool.h>

#include "lib/mem.h"

#define BUFFERS 16

struct ring {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Counted from the beginning: given >= taken, at most BUFFERS more. */
	size_t given, taken;
	bool lent; /* the buffer before taken is still in use */
	const char *failed;
	size_t len[BUFFERS];
	int64_t read[BUFFERS], took; /* of what was given, and was taken */
	unsigned char *buffers;
};

struct ring *
ring_new(void)
{
	struct ring *r = xcalloc(1, sizeof *r);

	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	r->buffers = xmalloc((size_t)BUFFERS * RING_BUFFER);
	return r;
}

unsigned char *
ring_claim(struct ring *r)
{
	size_t i;

	pthread_mutex_lock(&r->lock);
	while (r->given - (r->taken - r->lent) == BUFFERS)
		pthread_cond_wait(&r->changed, &r->lock);
	i = r->given % BUFFERS;
	pthread_mutex_unlock(&r->lock);
	return r->buffers + i * RING_BUFFER;
}

void
ring_give(struct ring *r, size_t n, int64_t read)
{
	pthread_mutex_lock(&r->lock);
	r->read[r->given % BUFFERS] = read;
	r->len[r->given++ % BUFFERS] = n;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

void
ring_fail(struct ring *r, const char *why)
{
	pthread_mutex_lock(&r->lock);
	if (!r->failed)
		r->failed = why;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

ssize_t
ring_take(struct ring *r, const unsigned char **p, const char **why)
{
	ssize_t n = -1;

	pthread_mutex_lock(&r->lock);
	if (r->lent) {
		r->lent = false;
		pthread_cond_signal(&r->changed);
	}
	while (r->given == r->taken && !r->failed)
		pthread_cond_wait(&r->changed, &r->lock);
	if (r->failed) {
		*why = r->failed;
	} else {
		*p = r->buffers + r->taken % BUFFERS * RING_BUFFER;
		r->took = r->read[r->taken % BUFFERS];
		n = (ssize_t)r->len[r->taken++ % BUFFERS];
		r->lent = true;
	}
	pthread_mutex_unlock(&r->lock);
	return n;
}

int64_t
ring_read(const struct ring *r)
{
	return r->took;
}
