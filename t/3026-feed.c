/* SPDX-License-Identifier: ISC */
/*
 * unpack/input/feed: what the thread that reads can't go on with is told to
 * the one that applies, which alone ends the process.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "t/tap.h"
#include "unpack/input/feed.h"
#include "unpack/input/input.h"
#include "unpack/input/ring.h"

static pthread_t main_thread;

/* As what removes the half of a tree: at exit, where the main thread is. */
static void
at_end(void)
{
	if (!pthread_equal(pthread_self(), main_thread))
		_exit(3);
}

static struct source *
layer_dies(struct input *in, size_t i, const char **why)
{
	(void)in;
	(void)i;
	(void)why;
	die("the layer: out of memory");
}

static struct source *
layer_fails(struct input *in, size_t i, const char **why)
{
	(void)in;
	(void)i;
	*why = "it isn't there";
	return NULL;
}

/* What the ring says of an image of one layer. */
static const char *
told(struct source *(*layer)(struct input *, size_t, const char **))
{
	static char digest[] = "sha256:x", media_type[] = "";
	static struct descriptor d = {
	    .digest = digest, .media_type = media_type, .size = 1};
	struct input *in = calloc(1, sizeof *in);
	const unsigned char *p;
	const char *why = "";

	in->manifest.layers = &d;
	in->manifest.nlayers = 1;
	in->name = "img";
	in->layer = layer;
	return ring_take(feed_start(in), &p, &why) < 0 ? why : "nothing";
}

int
main(void)
{
	main_thread = pthread_self();
	atexit(at_end);
	ok(!strcmp(told(layer_fails),
	       "sha256:x: it isn't there (img, layer 1 of 1)"),
	    "a layer that can't be read");
	ok(!strcmp(told(layer_dies), "the layer: out of memory"),
	    "one whose reader dies");
	return tap_end();
}
