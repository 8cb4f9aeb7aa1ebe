/* SPDX-License-Identifier: ISC */
/*
 * An OCI archive, as t/fuzz/members.h has it, read by those who read one: as
 * a stream in its order, as the input of oci-layout-write in any order, and
 * as the layout that it makes.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/archive.h"
#include "lib/blob.h"
#include "lib/io.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/walk.h"
#include "t/fuzz/fuzz.h"
#include "t/fuzz/members.h"
#include "unpack/input/blob.h"
#include "unpack/input/decompress.h"
#include "unpack/input/hashing.h"
#include "unpack/input/input.h"
#include "unpack/input/layout.h"
#include "unpack/input/stream.h"

static int outside, stream;
static const char *place;
static struct hashing *hashing;

/* Its bytes to their end, verified. */
static void
layer_read(struct input *in, size_t i)
{
	const struct descriptor *d = &in->manifest.layers[i];
	struct decompress z = {.format = format_find(d->media_type)};
	static unsigned char bytes[64 << 10];
	struct blob_source blob;
	struct source *source;
	char digest[DIGEST_MAX], none[DIGEST_MAX];
	const char *why;
	ssize_t n;

	source = in->layer(in, i, &why);
	if (!source)
		die("%s", why);
	hashing_begin(hashing, d->digest, NULL);
	blob_init(&blob, source, d, hashing);
	z.in = &blob.source;
	z.format->open(&z);
	do
		n = z.format->read(&z, bytes, sizeof bytes);
	while (n > 0);
	hashing_end(hashing, digest, none);
	if (n < 0)
		die("%s", z.why);
	if (strcmp(digest, d->digest))
		die("the blob is damaged");
	z.format->close(&z);
	in->done(in, source);
}

static void
input_read(struct input *in)
{
	const char *why;

	fuzz_must(in->manifest.nlayers <= LAYERS_MAX, "layers have a limit");
	for (size_t i = 0; i < in->manifest.nlayers; i++) {
		fuzz_must(digest_valid(in->diff_ids[i]), "a diff_id is one");
		layer_read(in, i);
	}
	if (in->end(in, &why) < 0)
		die("%s", why);
}

static void
read_stream(void *arg)
{
	(void)arg;
	input_read(input_stream(stream, NULL, NULL));
}

static void
read_layout(void *arg)
{
	input_read(input_layout(arg, NULL));
}

static void
read_archive(void *arg)
{
	enum archive_member kind;
	struct archive a;
	const unsigned char *p;
	const char *why;
	int64_t bytes;
	ssize_t n;
	size_t len;

	(void)arg;
	archive_open(&a, stream);
	while ((kind = archive_next(&a)) != ARCHIVE_END)
		if (kind == ARCHIVE_BLOB) {
			fuzz_must(digest_valid(a.digest), "a digest is one");
			for (bytes = 0; (n = archive_data(&a, &p)) > 0;)
				bytes += n;
			fuzz_must(bytes == a.size, "a blob has its size");
		} else if (kind == ARCHIVE_LAYOUT) {
			layout_version_check(archive_text(&a, "oci-layout",
						 LAYOUT_FILE_MAX, &len),
			    len, &why);
		} else {
			archive_text(&a, "index.json", MANIFEST_MAX, &len);
		}
	archive_close(&a);
}

/* A walk through all that the layout names. */
struct looker {
	struct walk walk;
	int layout;
	size_t visits;
};

static bool
visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	(void)kind, (void)parent;
	fuzz_must(digest_valid(d->digest) && d->size >= 0, "it is a blob's");
	((struct looker *)w)->visits++;
	return true;
}

static bool
describe(struct walk *w, const char *digest, struct descriptor *d)
{
	return blob_describe(((struct looker *)w)->layout, digest, d);
}

static char *
load(struct walk *w, const struct descriptor *d)
{
	const char *why;

	return blob_load(((struct looker *)w)->layout, d, MANIFEST_MAX, &why);
}

static void
fault(struct walk *w, const struct descriptor *d, const char *why)
{
	(void)w, (void)d;
	fuzz_must(*why, "there is a reason");
}

static void
walk_layout(void *arg)
{
	struct looker l = {.walk = {.visit = visit,
			       .describe = describe,
			       .read = load,
			       .fault = fault}};
	struct index x;

	l.layout = layout_open(arg);
	layout_index(l.layout, &x, NULL, NULL);
	for (size_t i = 0; i < x.nmanifests; i++)
		walk_from(&l.walk, &x.manifests[i]);
	fuzz_must(l.visits >= x.nmanifests, "each is visited");
	walk_end(&l.walk);
	index_free(&x);
}

static void
rewound(const struct buf *archive)
{
	if (ftruncate(stream, 0) < 0 || lseek(stream, 0, SEEK_SET) < 0 ||
	    io_write(stream, archive->data, archive->len) < 0)
		diesys("the archive");
	lseek(stream, 0, SEEK_SET);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *dir;

	(void)argc, (void)argv;
	outside = fuzz_directory(&dir);
	place = xasprintf("%s/layout", dir);
	hashing = hashing_new();
	stream = memfd_create("archive", MFD_CLOEXEC);
	if (stream < 0)
		diesys("memfd_create");
	return 0;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static struct members m;
	struct buf archive = {0};
	bool streamed, received;
	int dir;

	members_parse(data, len, &m);
	members_archive(&m, &archive);
	rewound(&archive);
	streamed = archive.len && fuzz_survived(read_stream, NULL);
	rewound(&archive);
	received = fuzz_survived(read_archive, NULL);
	fuzz_must(!streamed || received, "an archive has what a stream has");
	mkdirat(outside, "layout", 0700);
	dir = openat(outside, "layout", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (members_layout(&m, dir)) {
		fuzz_survived(walk_layout, (void *)place);
		fuzz_must(
		    fuzz_survived(read_layout, (void *)place) || !streamed,
		    "a layout has what its stream had");
	}
	close(dir);
	fuzz_directory_empty();
	buf_free(&archive);
	members_free(&m);
	return 0;
}
