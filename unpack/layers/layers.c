/* SPDX-License-Identifier: ISC */
/*
 * The layers of an image, each a directory that other images share.  Those
 * that are there are not read, and of the others each is made by whoever has
 * its lock; who waited for it passes it over.
 */
#include "unpack/layers/layers.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/layeruse.h"
#include "lib/mem.h"
#include "lib/tarread.h"
#include "unpack/apply/image.h"
#include "unpack/apply/omission.h"
#include "unpack/apply/sink.h"
#include "unpack/apply/text.h"
#include "unpack/input/feed.h"
#include "unpack/input/input.h"
#include "unpack/input/ring.h"
#include "unpack/layers/stack.h"
#include "unpack/layers/store.h"
#include "unpack/stop.h"

#define STACKED_MAX 500 /* of an overlay mount: the kernel's */

struct work {
	struct store store;
	struct input *in;
	size_t n;
	char (*chains)[DIGEST_MAX]; /* the names, base first */
	int *dirs;
	struct stack stack;
};

static void
chains_make(struct work *w)
{
	w->n = w->in->manifest.nlayers;
	if (w->n > STACKED_MAX)
		die("%zu layers: an overlay mount takes no more than %d", w->n,
		    STACKED_MAX);
	w->chains = xcalloc(w->n + 1, sizeof *w->chains);
	w->dirs = xcalloc(w->n + 1, sizeof *w->dirs);
	for (size_t i = 0; i < w->n; i++)
		store_chain(w->chains[i], i ? w->chains[i - 1] : NULL,
		    w->in->diff_ids[i]);
}

/*
 * How many are there, from the base on.  The first that isn't is begun, so
 * that of two that unpack one image, one waits before it reads anything.
 */
static size_t
chains_find(struct work *w)
{
	size_t i;
	int begun;

	for (i = 0; i < w->n; i++) {
		w->dirs[i] = store_begin(&w->store, w->chains[i], &begun);
		if (w->dirs[i] < 0) {
			w->dirs[i] = begun;
			break;
		}
	}
	return i;
}

/* Another process has made it meanwhile. */
static void
pass_over(struct applying *a, struct ring *ring, const char *diff_id)
{
	struct tar_reader *tar;
	struct text text;

	text_begin(&text, ring, diff_id, a);
	tar = tar_reader_new(&text.source);
	text_end(&text, tar, NULL);
	tar_reader_free(tar);
}

static void
layer_make(struct work *w, struct applying *a, struct ring *ring, size_t i)
{
	stack_layer(&w->stack, w->dirs, i + 1);
	layer_apply(a, ring, input_diff_id(w->in, i));
	w->stack.sink.verbs->finish(&w->stack.sink);
	stop_check();
	store_publish();
}

/* Those from the first on, which is begun. */
static void
layers_make(struct work *w, struct applying *a, size_t first)
{
	struct ring *ring = feed_start(w->in);
	const unsigned char *p;
	const char *why;
	int begun;

	stop_ring(ring);
	for (size_t i = first; i < w->n; i++) {
		image_at(a, w->in, i);
		if (i > first)
			w->dirs[i] =
			    store_begin(&w->store, w->chains[i], &begun);
		if (i > first && w->dirs[i] >= 0) {
			pass_over(a, ring, input_diff_id(w->in, i));
		} else {
			w->dirs[i] = i > first ? begun : w->dirs[i];
			layer_make(w, a, ring, i);
		}
		image_left(w->in);
	}
	if (ring_take(ring, &p, &why) < 0) /* all of the input was there */
		text_failed(why);
}

/* Only the layers from the first on are read. */
static void
input_trim(struct input *in, struct applying *a, size_t first)
{
	in->wanted = xcalloc(in->manifest.nlayers + 1, sizeof *in->wanted);
	for (size_t i = 0; i < in->manifest.nlayers; i++)
		if (i >= first)
			in->wanted[i] = true;
		else
			a->at.total -= in->manifest.layers[i].size;
}

/* Of ROOTLESS_WORDS the one that tells whose the files are. */
static const char *
owners_word(enum rootless mode, bool single)
{
	if (single)
		return "single";
	return mode == ROOTLESS_DEFAULT || mode == ROOTLESS_NO ? "no"
							       : "ranges";
}

static void
names_print(const struct work *w)
{
	for (size_t i = w->n; i-- > 0;)
		printf("%.*s/%s\n", (int)strcspn(w->chains[i], ":"),
		    w->chains[i], digest_hex(w->chains[i]));
	stdout_close();
}

void
layers_unpack(const struct layers *l)
{
	struct work w = {0};
	struct applying applying;
	size_t first;
	bool single;

	store_open(&w.store, l->dir);
	single = rootless_enter(l->rootless);
	if (single)
		rootless_look(); /* into what is complete, with its modes */
	store_form(&w.store, owners_word(l->rootless, single));
	layeruse_lock(w.store.dir, l->dir, 0); /* to the end */
	w.in = input_open(l->image, l->options->platform, l->options->spool);
	chains_make(&w);
	umask(0);
	stop_begin();
	store_sweep(&w.store);
	stack_init(&w.stack, w.store.opaque, single);
	first = chains_find(&w);
	w.in->scratch =
	    openat(w.store.dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	image_begin(&applying, w.in, l->progress, l->options);
	applying.sink = &w.stack.sink;
	input_trim(w.in, &applying, first);
	layers_make(&w, &applying, first);
	omissions_count();
	die_about(NULL);
	names_print(&w);
	progress_end(&applying.progress, &applying.at);
}
