/* SPDX-License-Identifier: ISC */
/*
 * Images of a stream (oci-stream(5)).  Manifest and config have to come before
 * the layers; layers that come before their turn are kept.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/image.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/source.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "unpack/input/decompress.h"
#include "unpack/input/input.h"
#include "unpack/input/kept.h"
#include "unpack/input/needs.h"
#include "unpack/input/stream.h"

#define ORDER                                                                  \
	"missing, or too late in the archive: write it to a layout with "      \
	"oci-layout-write, and unpack that"

struct stream_input {
	struct input input;
	struct source_fd in;
	struct tar_reader *tar;
	struct source source; /* of the blob that is being read */
	bool keep;            /* that, for it comes again */
	struct kept kept;
	struct needs needs;
};

static const char *
entry_name(const struct tar_entry *e)
{
	return strncmp(e->name, "./", 2) ? e->name : e->name + 2;
}

/* The next file of the archive: 1; 0 at its end; -1 with a reason. */
static int
file_next(struct stream_input *s, const struct tar_entry **e, const char **why)
{
	int r;

	do
		r = tar_next(s->tar, e, why);
	while (r > 0 && (*e)->type == '5');
	if (r > 0 && (*e)->type == '0' && !(*e)->sparse)
		return 1;
	if (r > 0)
		*why = "the archive has something other than files and "
		       "directories in it";
	return r > 0 ? -1 : r;
}

static char *
file_read(struct stream_input *s, const struct tar_entry *e, size_t max)
{
	const unsigned char *p;
	struct buf b = {0};
	const char *why;
	ssize_t n;

	if (e->size > (int64_t)max)
		die("%s: %" PRId64 " bytes are more than %zu", e->name, e->size,
		    max);
	while ((n = tar_data(s->tar, &p, &why)) > 0)
		buf_add(&b, p, (size_t)n);
	if (n < 0)
		die("standard input: %s", why);
	return buf_take(&b);
}

/* One of the two files that the stream begins with. */
static char *
file_expect(struct stream_input *s, const char *name, size_t max, size_t *len)
{
	const struct tar_entry *e;
	const char *why = "the archive is empty";

	if (file_next(s, &e, &why) <= 0) {
		const char *format = format_name(s->in.buf, 6);

		if (format)
			die("standard input: it is compressed by %s: decompress"
			    " it on its way here",
			    format);
		die("standard input: %s", why);
	}
	if (strcmp(entry_name(e), name))
		die("standard input: %s is " ORDER, name);
	*len = (size_t)e->size;
	return file_read(s, e, max);
}

/* Why a blob didn't come. */
static const char *
missing(const struct stream_input *s)
{
	return tar_ended(s->tar) ? ORDER : "the archive is cut off";
}

/* Go on to a blob, past those of other images. */
static int
blob_find(struct stream_input *s, const struct descriptor *d,
    const struct tar_entry **e, const char **why)
{
	char *path = blob_path(d->digest);
	int r;

	while ((r = file_next(s, e, why)) > 0)
		if (!strcmp(entry_name(*e), path))
			break;
	free(path);
	if (!r)
		*why = missing(s);
	else if (r > 0 && (*e)->size != d->size)
		*why = "its size is not what its descriptor says";
	else if (r > 0)
		return 0;
	return -1;
}

static char *
blob_expect(struct stream_input *s, const struct descriptor *d)
{
	char digest[DIGEST_MAX];
	const struct tar_entry *e;
	const char *why;
	char *text;

	if (blob_find(s, d, &e, &why) < 0)
		die("%s: %s", d->digest, why);
	text = file_read(s, e, MANIFEST_MAX);
	digest_of(text, (size_t)d->size, d->digest, digest);
	if (strcmp(digest, d->digest))
		die("%s: the blob is damaged: its digest is %s", d->digest,
		    digest);
	return text;
}

static ssize_t
layer_next(struct source *source, const unsigned char **p)
{
	struct stream_input *s =
	    (struct stream_input *)((char *)source -
				    offsetof(struct stream_input, source));
	ssize_t n = tar_data(s->tar, p, &source->why);

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
	while ((n = tar_data(s->tar, &p, why)) > 0)
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

	while ((r = file_next(s, &e, why)) > 0) {
		need = needs_member(&s->needs, entry_name(e));
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
		*why = missing(s);
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

/* Its writer leaves the end off when it fails, whatever it has written. */
static int
stream_end(struct input *in, const char **why)
{
	struct stream_input *s = (struct stream_input *)in;
	const struct tar_entry *e;
	int r;

	while ((r = file_next(s, &e, why)) > 0)
		;
	if (r < 0)
		return -1;
	if (!tar_ended(s->tar)) {
		*why = "the archive is cut off: its end is missing";
		return -1;
	}
	return tar_drain(s->tar, why);
}

/* The one image that index.json names, by however many names. */
static void
stream_image(struct stream_input *s, struct index *x, struct descriptor *d)
{
	const char *why;
	struct index found;
	size_t len;
	char *text = file_expect(s, "oci-layout", LAYOUT_FILE_MAX, &len);

	if (layout_version_check(text, len, &why) < 0)
		die("oci-layout: it %s", why);
	free(text);
	text = file_expect(s, "index.json", MANIFEST_MAX, &len);
	if (index_parse(text, len, x, &why) < 0)
		die("index.json: it %s", why);
	free(text);
	image_named(x, NULL, false, &found);
	/* Others forget to say what it is. */
	if (!found.nmanifests) {
		free(found.manifests);
		image_named(x, NULL, true, &found);
	}
	if (!found.nmanifests)
		die("standard input: there is no image in the archive");
	for (size_t i = 1; i < found.nmanifests; i++)
		if (strcmp(
			found.manifests[i].digest, found.manifests[0].digest))
			die("standard input: more than one image: write it to a"
			    " layout with oci-layout-write, and name one");
	descriptor_copy(d, &found.manifests[0]);
	free(found.manifests);
}

/* The manifest in an index that is for the platform, a copy; *text is its. */
static void
index_enter(struct stream_input *s, const struct platform *platform,
    struct descriptor *d, char **text)
{
	const struct descriptor *chosen;
	struct index x;
	const char *why;

	if (index_parse(*text, (size_t)d->size, &x, &why) < 0)
		die("%s: the index %s", d->digest, why);
	chosen = index_select(&x, platform);
	if (!chosen)
		die("%s: no image for this platform", d->digest);
	descriptor_free(d);
	descriptor_copy(d, chosen);
	index_free(&x);
	free(*text);
	*text = blob_expect(s, d);
}

static void
stream_manifest(struct stream_input *s, const struct platform *platform)
{
	struct index top;
	struct descriptor d;
	struct platform host = {0};
	char *text;

	stream_image(s, &top, &d);
	die_about(s->input.name);
	text = blob_expect(s, &d);
	if (!platform)
		platform_host(&host);
	for (int depth = 0; media_type_is_index(d.media_type); depth++) {
		if (depth == INDEX_DEPTH_MAX)
			die("%s: more than %d indexes inside one another",
			    d.digest, INDEX_DEPTH_MAX);
		index_enter(s, platform ? platform : &host, &d, &text);
	}
	if (!media_type_is_manifest(d.media_type))
		die("%s: a %s, not an image", d.digest,
		    *d.media_type ? d.media_type : "thing");
	input_manifest(&s->input, &d, text);
	free(text);
	descriptor_free(&d);
	index_free(&top);
	platform_free(&host);
}

struct input *
input_stream(int fd, const struct platform *platform)
{
	struct stream_input *s = xcalloc(1, sizeof *s);
	struct input *in = &s->input;
	char *text;

	fcntl(fd, F_SETPIPE_SZ, 1 << 20); /* where it is one */
	source_fd_init(&s->in, fd);
	s->tar = tar_reader_new(&s->in.source);
	in->name = "standard input";
	stream_manifest(s, platform);
	text = blob_expect(s, &in->manifest.config);
	input_config(in, text);
	free(text);
	s->source.next = layer_next;
	in->scratch = -1;
	in->layer = stream_layer;
	in->done = stream_done;
	in->end = stream_end;
	return in;
}
