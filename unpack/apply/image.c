/* SPDX-License-Identifier: ISC */
/* All layers of an image, applied one after the other. */
#include "unpack/apply/image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "unpack/apply/text.h"
#include "unpack/input/feed.h"
#include "unpack/input/input.h"
#include "unpack/input/ring.h"
#include "unpack/plan/filtered.h"
#include "unpack/stop.h"

#define DIGEST_SHORT 19 /* bytes of a digest that tell blobs apart */

void
image_options_check(struct image_options *o, const char *image)
{
	if (o->spool && strcmp(image, "-"))
		die_usage("--spool is for an archive on standard input, -");
	filter_init(&o->filter, &o->include, &o->exclude);
}

const char *
image_options_given(const struct image_options *o, bool named)
{
	return o->include.n                      ? "include"
	       : o->exclude.n                    ? "exclude"
	       : o->spool                        ? "spool"
	       : o->max_size != INT64_MAX        ? "max-size"
	       : o->max_files != IMAGE_FILES_MAX ? "max-files"
	       : o->platform && !named           ? "platform"
						 : NULL;
}

struct sink *
image_sink(const struct image_options *o, struct sink *to)
{
	return filter_any(&o->filter) ? filtered_new(to, &o->filter) : to;
}

void
image_begin(struct applying *a, const struct input *in, enum progress_mode mode,
    const struct image_options *o)
{
	const struct manifest *m = &in->manifest;

	*a = (struct applying){.bytes = o->max_size,
	    .entries = o->max_files,
	    .at.parts = m->nlayers};
	for (size_t i = 0; i < m->nlayers; i++)
		a->at.total = size_sum(a->at.total, m->layers[i].size);
	progress_begin(&a->progress, mode, "layer", &a->at);
}

void
image_at(struct applying *a, const struct input *in, size_t layer)
{
	const struct manifest *m = &in->manifest;

	free(a->about);
	a->about = xasprintf("%s, layer %zu of %zu, %.*s", in->name, layer + 1,
	    m->nlayers, DIGEST_SHORT, m->layers[layer].digest);
	die_about(a->about);
	a->at.part = layer + 1;
}

void
image_left(const struct input *in)
{
	die_about(in->name);
}

void
image_apply(struct applying *a, struct input *in)
{
	struct ring *ring = feed_start(in);
	const unsigned char *p;
	const char *why;

	stop_ring(ring);
	for (size_t i = 0; i < in->manifest.nlayers; i++) {
		image_at(a, in, i);
		layer_apply(a, ring, input_diff_id(in, i));
		image_left(in);
	}
	if (ring_take(ring, &p, &why) < 0) /* all of the input was there */
		text_failed(why);
}

const char *
image_spool_take(void *at, char *text)
{
	if (text && !*text)
		return "must be a directory";
	*(const char **)at = text ? text : "";
	return NULL;
}

const char *
image_size_take(void *at, char *text)
{
	static const char wrong[] = "must be a number of bytes, or one with "
				    "K, M, G or T behind it";
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	int64_t n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || errno)
		return wrong;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit)
		end++;
	if (*end || (unit && n > INT64_MAX >> 10 * (unit - units + 1)))
		return wrong;
	*(int64_t *)at = unit ? n << 10 * (unit - units + 1) : n;
	return NULL;
}
