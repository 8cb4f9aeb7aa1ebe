/* SPDX-License-Identifier: ISC */
/*
 * Images of a stream (oci-stream(5)).  Manifest and config have to come before
 * the layers, unless all may wait; layers before their turn are kept.
 */
#include "unpack/input/stream.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/blob.h"
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
	struct needs needs;
};

/* Go on to the blob of layer i, past those whose turn comes later. */
static struct source *
layer_find(struct stream_input *s, size_t i, const char **why)
{
	const struct descriptor *layers = s->input.manifest.layers;
	struct members *m = &s->members;
	const struct tar_entry *e;
	const struct need *need;
	int r;

	while ((r = members_next(m, &e, why)) > 0) {
		need = needs_member(&s->needs, member_name(e));
		if (!need || need->last < i ||
		    kept_find(&m->kept, member_name(e)))
			continue;
		if (e->size != layers[need->last].size) {
			*why = "its size is not what its descriptor says";
			return NULL;
		}
		if (!strcmp(need->digest, layers[i].digest))
			return members_take(
			    m, e, s->input.twice || need->last > i, why);
		if (members_keep(m, e, why) < 0)
			return NULL;
	}
	if (!r)
		*why = members_missing(m);
	return NULL;
}

static struct source *
stream_layer(struct input *in, size_t i, const char **why)
{
	struct stream_input *s = (struct stream_input *)in;
	struct kept *kept = &s->members.kept;
	char *path = blob_path(in->manifest.layers[i].digest);
	const struct kept_member *m = kept_find(kept, path);

	free(path);
	if (!s->needs.list)
		needs_init(&s->needs, &in->manifest);
	if (kept->fd < 0)
		kept->fd = in->scratch;
	return m ? kept_source(kept, m) : layer_find(s, i, why);
}

static void
stream_done(struct input *in, struct source *source)
{
	struct stream_input *s = (struct stream_input *)in;

	if (source != &s->members.source)
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
input_stream(int fd, const struct platform *platform, const char *spool)
{
	struct stream_input *s = xcalloc(1, sizeof *s);
	struct input *in = &s->input;

	fcntl(fd, F_SETPIPE_SZ, 1 << 20); /* where it is one */
	members_init(&s->members, fd, spool);
	in->name = "standard input";
	stream_begin(s, platform);
	in->scratch = -1;
	in->layer = stream_layer;
	in->done = stream_done;
	in->end = stream_end;
	return in;
}
