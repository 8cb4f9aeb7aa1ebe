/* SPDX-License-Identifier: ISC */
/* A ring of sixteen buffers, one thread on either side. */
#include "unpack/input/ring.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "lib/digest.h"
#include "lib/mem.h"

struct ring {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Counted from the beginning: given >= taken, at most RING_BUFFERS
	 * more. */
	size_t given, taken;
	bool lent; /* the buffer before taken is still in use */
	const char *failed;
	size_t len[RING_BUFFERS];
	int64_t read[RING_BUFFERS], took; /* of what was given, and was taken */
	char digests[RING_BUFFERS][DIGEST_MAX], digest[DIGEST_MAX]; /* alike */
	unsigned char *buffers;
};

struct ring *
ring_new(void)
{
	struct ring *r = xcalloc(1, sizeof *r);

	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	r->buffers = xmalloc((size_t)RING_BUFFERS * RING_BUFFER);
	return r;
}

unsigned char *
ring_claim(struct ring *r)
{
	size_t i;

	pthread_mutex_lock(&r->lock);
	while (r->given - (r->taken - r->lent) == RING_BUFFERS)
		pthread_cond_wait(&r->changed, &r->lock);
	i = r->given % RING_BUFFERS;
	pthread_mutex_unlock(&r->lock);
	return r->buffers + i * RING_BUFFER;
}

static void
give(struct ring *r, size_t n, const char *digest, int64_t read)
{
	size_t i;

	pthread_mutex_lock(&r->lock);
	i = r->given++ % RING_BUFFERS;
	r->read[i] = read;
	r->len[i] = n;
	strcpy(r->digests[i], digest);
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

void
ring_give(struct ring *r, size_t n, int64_t read)
{
	give(r, n, "", read);
}

void
ring_end(struct ring *r, const char *digest, int64_t read)
{
	ring_claim(r);
	give(r, 0, digest, read);
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

/* The next one is there, and nothing has failed. */
static ssize_t
take(struct ring *r, const unsigned char **p)
{
	size_t i = r->taken++ % RING_BUFFERS;

	*p = r->buffers + i * RING_BUFFER;
	r->took = r->read[i];
	strcpy(r->digest, r->digests[i]);
	r->lent = true;
	return (ssize_t)r->len[i];
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
	if (r->failed)
		*why = r->failed;
	else
		n = take(r, p);
	pthread_mutex_unlock(&r->lock);
	return n;
}

const char *
ring_digest(const struct ring *r)
{
	return r->digest;
}

int64_t
ring_read(const struct ring *r)
{
	return r->took;
}
