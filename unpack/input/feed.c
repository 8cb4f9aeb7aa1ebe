/* SPDX-License-Identifier: ISC */
/* The threads beside the one that writes files. */
#include "unpack/input/feed.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/mem.h"
#include "unpack/input/blob.h"
#include "unpack/input/decompress.h"
#include "unpack/input/hashing.h"
#include "unpack/input/input.h"
#include "unpack/input/ring.h"

struct feed {
	struct input *input;
	struct ring *ring;
	struct hashing *hashing;
	int64_t before; /* bytes of the layers before this one */
	char died[256]; /* why, where there may be no memory for it */
};

/*
 * No memory, say.  The other thread is told, and ends the process: this one
 * must not, for it knows nothing of what there is to undo.
 */
_Noreturn static void
give_up(void *arg, const char *message)
{
	struct feed *f = arg;

	snprintf(f->died, sizeof f->died, "%s", message);
	ring_fail(f->ring, f->died);
	for (;;)
		pause();
}

/* Layer i is the one that is read, not the one that is applied meanwhile. */
static int
fail(struct feed *f, size_t i, const char *why)
{
	const struct manifest *m = &f->input->manifest;

	ring_fail(f->ring,
	    xasprintf("%s: %s (%s, layer %zu of %zu)", m->layers[i].digest, why,
		f->input->name, i + 1, m->nlayers));
	return -1;
}

/* What it decompresses to, to its end. */
static int
feed_text(
    struct feed *f, size_t i, struct decompress *z, const struct blob_source *b)
{
	int64_t all = f->before + f->input->manifest.layers[i].size;
	unsigned char *p;
	ssize_t n;

	for (;;) {
		p = ring_claim(f->ring);
		hashing_wait(f->hashing, HASHING_RUNS, RING_BUFFERS - 1);
		n = z->format->read(z, p, RING_BUFFER);
		if (n < 0)
			return fail(f, i, z->why);
		if (!n)
			return 0;
		hashing_text(f->hashing, p, (size_t)n);
		ring_give(f->ring, (size_t)n, all - b->left);
	}
}

static int
feed_end(struct feed *f, size_t i)
{
	const struct descriptor *d = &f->input->manifest.layers[i];
	char blob[DIGEST_MAX], text[DIGEST_MAX];

	hashing_end(f->hashing, blob, text);
	if (strcmp(blob, d->digest))
		return fail(f, i, "the blob is damaged: its digest is another");
	f->before += d->size;
	ring_end(f->ring, text, f->before);
	return 0;
}

static int
feed_source(struct feed *f, size_t i, struct source *in)
{
	const struct descriptor *d = &f->input->manifest.layers[i];
	struct decompress z = {.format = format_find(d->media_type)};
	struct blob_source blob;
	const char *why;

	hashing_begin(f->hashing, d->digest, input_diff_id(f->input, i));
	blob_init(&blob, in, d, f->hashing);
	z.in = &blob.source;
	if (decompress_fill(&z) < 0)
		return fail(f, i, z.why);
	why = format_other(z.format, z.run, z.avail);
	if (why)
		return fail(f, i,
		    xasprintf("it begins like %s, but its media type is %s",
			why, d->media_type));
	if (!z.format->open(&z))
		return fail(f, i, strerror(ENOMEM));
	if (feed_text(f, i, &z, &blob) < 0)
		return -1;
	z.format->close(&z);
	return feed_end(f, i);
}

static int
feed_layer(struct feed *f, size_t i)
{
	const char *why;
	struct source *in = f->input->layer(f->input, i, &why);

	if (!in)
		return fail(f, i, why);
	if (feed_source(f, i, in) < 0)
		return -1;
	f->input->done(f->input, in);
	return 0;
}

static void *
feed_all(void *arg)
{
	struct feed *f = arg;
	const char *why;

	die_in_thread(give_up, f);
	for (size_t i = 0; i < f->input->manifest.nlayers; i++)
		if ((!f->input->wanted || f->input->wanted[i]) &&
		    feed_layer(f, i) < 0)
			return NULL;
	if (f->input->end(f->input, &why) < 0) {
		ring_fail(f->ring, xasprintf("%s: %s", f->input->name, why));
		return NULL;
	}
	ring_end(f->ring, "", f->before);
	return NULL;
}

static struct feed *
feed_new(struct input *in)
{
	struct feed *f = xmalloc(sizeof *f);

	*f = (struct feed){
	    .input = in, .ring = ring_new(), .hashing = hashing_new()};
	if (!f->hashing)
		diesys("thread");
	return f;
}

struct ring *
feed_start(struct input *in)
{
	pthread_t thread;

	if (!in->feed)
		in->feed = feed_new(in);
	in->feed->before = 0;
	errno = pthread_create(&thread, NULL, feed_all, in->feed);
	if (errno)
		diesys("thread");
	pthread_detach(thread);
	return in->feed->ring;
}
