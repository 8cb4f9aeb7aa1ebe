/* SPDX-License-Identifier: ISC */
/* A layer's archive from the ring. */
#include "unpack/apply/text.h"

#include <string.h>

#include "lib/die.h"
#include "lib/tarread.h"
#include "unpack/apply/layer.h"
#include "unpack/input/ring.h"
#include "unpack/stop.h"

void
text_failed(const char *why)
{
	stop_check();
	die_about(NULL); /* it says itself which layer was read */
	die("%s", why);
}

static ssize_t
text_next(struct source *source, const unsigned char **p)
{
	struct text *t = (struct text *)source;
	struct applying *a = t->applying;
	const char *why;
	ssize_t n;

	if (t->ended)
		return 0;
	n = ring_take(t->ring, p, &why);
	if (n < 0)
		text_failed(why);
	a->at.bytes = a->before + ring_read(t->ring);
	progress_show(&a->progress, &a->at);
	t->ended = !n;
	return n;
}

void
text_begin(
    struct text *t, struct ring *ring, const char *diff_id, struct applying *a)
{
	*t = (struct text){.source.next = text_next,
	    .ring = ring,
	    .applying = a,
	    .diff_id = diff_id};
}

void
text_end(struct text *t, struct tar_reader *tar, const char *why)
{
	const char *digest;

	if (why || tar_drain(tar, &why) < 0)
		die("the layer: %s", why);
	if (!t->diff_id)
		return;
	digest = ring_digest(t->ring);
	if (strcmp(digest, t->diff_id))
		die("the layer: unpacked, its digest is %s, not the config's "
		    "diff_id %s",
		    digest, t->diff_id);
}
