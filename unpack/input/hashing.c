/* SPDX-License-Identifier: ISC */
/* The thread that hashes a layer's blob and its text. */
#include "unpack/input/hashing.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/digest.h"
#include "lib/mem.h"

struct run {
	const unsigned char *p;
	size_t n;
};

/* Runs in their order, and the digest of what was hashed of them. */
struct side {
	/* Counted from the beginning; only the thread counts hashed on. */
	size_t given, hashed;
	struct run runs[HASHING_RUNS];
	struct digest digest;
};

struct hashing {
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	bool pressed; /* somebody waits: what is there is to be hashed */
	bool hashes;  /* the text, too */
	bool apart;   /* the blob is hashed by whoever gives it */
	struct side blob, text;
};

static size_t
left(const struct side *s)
{
	return s->given - s->hashed;
}

static struct run *
first(struct side *s)
{
	return &s->runs[s->hashed % HASHING_RUNS];
}

/* n bytes of the first run were hashed: true when that is done. */
static bool
advance(struct side *s, size_t n)
{
	struct run *r = first(s);

	r->p += n;
	r->n -= n;
	return !r->n;
}

/* What the thread does next; the lock is held, but not while it hashes. */
static void
hash_some(struct hashing *h)
{
	struct run *b = left(&h->blob) ? first(&h->blob) : NULL;
	struct run *t = left(&h->text) ? first(&h->text) : NULL;
	size_t n = t ? t->n : b->n;

	if (t && b && b->n < n)
		n = b->n;
	pthread_mutex_unlock(&h->lock);
	if (t && b)
		digest_update_two(
		    &h->text.digest, t->p, &h->blob.digest, b->p, n);
	else if (t)
		digest_update(&h->text.digest, t->p, n);
	else
		digest_update(&h->blob.digest, b->p, n);
	pthread_mutex_lock(&h->lock);
	if (b)
		h->blob.hashed += advance(&h->blob, n);
	if (t)
		h->text.hashed += advance(&h->text, n);
	pthread_cond_signal(&h->done);
}

static void *
hash_all(void *arg)
{
	struct hashing *h = arg;

	pthread_mutex_lock(&h->lock);
	for (;;)
		if (left(&h->text) ||
		    (left(&h->blob) && (h->pressed || !h->hashes)))
			hash_some(h);
		else
			pthread_cond_wait(&h->work, &h->lock);
	return NULL;
}

struct hashing *
hashing_new(void)
{
	struct hashing *h = xcalloc(1, sizeof *h);
	pthread_t thread;

	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->work, NULL);
	pthread_cond_init(&h->done, NULL);
	errno = pthread_create(&thread, NULL, hash_all, h);
	if (errno)
		return NULL;
	pthread_detach(thread);
	return h;
}

void
hashing_begin(struct hashing *h, const char *blob, const char *text)
{
	h->hashes = text != NULL;
	digest_init(&h->blob.digest, blob);
	if (text)
		digest_init(&h->text.digest, text);
	h->apart = text && !digest_pair(&h->blob.digest, &h->text.digest);
}

static void
give(struct hashing *h, struct side *s, const unsigned char *p, size_t n)
{
	pthread_mutex_lock(&h->lock);
	s->runs[s->given++ % HASHING_RUNS] = (struct run){p, n};
	if (s == &h->text || !h->hashes)
		pthread_cond_signal(&h->work);
	pthread_mutex_unlock(&h->lock);
}

/* Two that gain nothing of each other are done by two threads. */
void
hashing_blob(struct hashing *h, const unsigned char *p, size_t n)
{
	if (h->apart)
		digest_update(&h->blob.digest, p, n);
	else if (n)
		give(h, &h->blob, p, n);
}

void
hashing_text(struct hashing *h, const unsigned char *p, size_t n)
{
	if (h->hashes && n)
		give(h, &h->text, p, n);
}

void
hashing_wait(struct hashing *h, size_t blobs, size_t texts)
{
	pthread_mutex_lock(&h->lock);
	while (left(&h->blob) > blobs || left(&h->text) > texts) {
		h->pressed = true;
		pthread_cond_signal(&h->work);
		pthread_cond_wait(&h->done, &h->lock);
	}
	h->pressed = false;
	pthread_mutex_unlock(&h->lock);
}

void
hashing_end(struct hashing *h, char *blob, char *text)
{
	hashing_wait(h, 0, 0);
	digest_final(&h->blob.digest, blob);
	*text = 0;
	if (h->hashes)
		digest_final(&h->text.digest, text);
}
