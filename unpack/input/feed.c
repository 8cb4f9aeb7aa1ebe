/* SPDX-License-Identifier: ISC */
/* The thread beside the one that writes files. */
#include "unpack/input/feed.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "unpack/input/blob.h"
#include "unpack/input/decompress.h"
#include "unpack/input/input.h"
#include "unpack/input/ring.h"

struct feed {
	struct input *input;
	struct ring *ring;
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

static int
feed_source(struct feed *f, size_t i, struct source *in)
{
	const struct descriptor *d = &f->input->manifest.layers[i];
	struct decompress z = {.format = format_find(d->media_type)};
	struct blob_source blob;
	const char *why;
	ssize_t n;

	blob_init(&blob, in, d);
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
	do {
		n = z.format->read(&z, ring_claim(f->ring), RING_BUFFER);
		if (n < 0)
			return fail(f, i, z.why);
		ring_give(f->ring, (size_t)n, f->before + d->size - blob.left);
	} while (n);
	f->before += d->size;
	z.format->close(&z);
	return 0;
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
	ring_claim(f->ring);
	ring_give(f->ring, 0, f->before);
	return NULL;
}

struct ring *
feed_start(struct input *in)
{
	struct feed *f = xmalloc(sizeof *f);
	pthread_t thread;

	*f = (struct feed){.input = in, .ring = ring_new()};
	errno = pthread_create(&thread, NULL, feed_all, f);
	if (errno)
		diesys("thread");
	pthread_detach(thread);
	return f->ring;
}
