/* SPDX-License-Identifier: ISC */
/*
 * Images of a stream (oci-stream(5)).  Manifest and config have to come before
 * the layers; layers that come before their turn are kept.
 */
#include "unpack/input/stream.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "unpack/input/archived.h"
#include "unpack/input/input.h"
#include "unpack/input/kept.h"
#include "unpack/input/members.h"
#include "unpack/input/needs.h"

struct stream_input {
	struct input input;
	struct members members;
	struct source source; /* of the blob that is being read */
	bool keep;            /* that, for it comes again */
	struct kept kept;
	struct needs needs;
};

static ssize_t
layer_next(struct source *source, const unsigned char **p)
{
	struct stream_input *s =
	    (struct stream_input *)((char *)source -
				    offsetof(struct stream_input, source));
	ssize_t n = tar_data(s->members.tar, p, &source->why);

	if (n > 0 && s->keep &&
	    kept_add(&s->kept, *p, (size_t)n, &source->why) < 0)
		return -1;
	return n;
}

/* A layer's blob comes, and it isn't its turn. */
static int
layer_keep(struct stream_input *s, const struct need *need, const char **why)
{
	const unsigned char *p;
	ssize_t n;

	kept_begin(&s->kept, need->digest);
	while ((n = tar_data(s->members.tar, &p, why)) > 0)
		if (kept_add(&s->kept, p, (size_t)n, why) < 0)
			return -1;
	return (int)n;
}

/* Go on to the blob of layer i. */
static int
layer_find(struct stream_input *s, size_t i, const char **why)
{
	const struct descriptor *layers = s->input.manifest.layers;
	const struct tar_entry *e;
	const struct need *need;
	int r;

	while ((r = members_next(&s->members, &e, why)) > 0) {
		need = needs_member(&s->needs, member_name(e));
		if (!need || need->last < i || kept_has(&s->kept, need->digest))
			continue;
		if (e->size != layers[need->last].size) {
			*why = "its size is not what its descriptor says";
			return -1;
		}
		if (!strcmp(need->digest, layers[i].digest))
			return 0;
		if (layer_keep(s, need, why) < 0)
			return -1;
	}
	if (!r)
		*why = members_missing(&s->members);
	return -1;
}

static struct source *
stream_layer(struct input *in, size_t i, const char **why)
{
	struct stream_input *s = (struct stream_input *)in;
	const char *digest = in->manifest.layers[i].digest;
	struct source *kept;

	if (!s->needs.list) {
		needs_init(&s->needs, &in->manifest);
		kept_init(&s->kept, in->scratch);
	}
	kept = kept_find(&s->kept, digest);
	if (kept)
		return kept;
	if (layer_find(s, i, why) < 0)
		return NULL;
	s->keep = in->twice || needs_digest(&s->needs, digest)->last > i;
	if (s->keep)
		kept_begin(&s->kept, digest);
	return &s->source;
}

static void
stream_done(struct input *in, struct source *source)
{
	struct stream_input *s = (struct stream_input *)in;

	if (source != &s->source)
		kept_done(source);
}

static int
stream_end(struct input *in, const char **why)
{
	return members_end(&((struct stream_input *)in)->members, why);
}

/* All that comes before the layers. */
static void
stream_begin(struct stream_input *s, const struct platform *platform)
{
	struct input *in = &s->input;
	struct descriptor d;
	char *text;

	archived_image(&s->members, &d);
	die_about(in->name);
	text = archived_manifest(&s->members, platform, &d);
	input_manifest(in, &d, text);
	free(text);
	descriptor_free(&d);
	text = members_blob(&s->members, &in->manifest.config);
	input_config(in, text);
	free(text);
}

struct input *
input_stream(int fd, const struct platform *platform)
{
	struct stream_input *s = xcalloc(1, sizeof *s);
	struct input *in = &s->input;

	fcntl(fd, F_SETPIPE_SZ, 1 << 20); /* where it is one */
	members_init(&s->members, fd);
	in->name = "standard input";
	stream_begin(s, platform);
	/* Each run takes the archive's source at most one on. */
	s->source = (struct source){
	    .next = layer_next, .lasting = s->members.in.source.lasting};
	in->scratch = -1;
	in->layer = stream_layer;
	in->done = stream_done;
	in->end = stream_end;
	return in;
}
