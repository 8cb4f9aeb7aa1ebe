/* SPDX-License-Identifier: ISC */
/* The image stream, written. */
#include "fetch/image/stream.h"

#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/descriptor.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "lib/mem.h"
#include "lib/tar.h"

#define NAME_MAX_BYTES 100

static const char zeros[2 * TAR_BLOCK];

void
stream_pad(struct stream *s, int64_t size)
{
	outlet_write(&s->out, zeros, tar_padding(size));
}

/* Names of sha512 blobs don't fit a header: a PAX record goes before it. */
static void
long_name(struct stream *s, const char *name)
{
	unsigned char block[TAR_BLOCK];
	size_t len = strlen(name) + strlen("123 path=\n");
	char *record = xasprintf("%zu path=%s\n", len, name);

	tar_header_make(block, "pax", 'x', 0644, (int64_t)len);
	outlet_write(&s->out, block, sizeof block);
	outlet_write(&s->out, record, len);
	stream_pad(s, (int64_t)len);
	free(record);
}

static void
member_begin(struct stream *s, const char *name, int64_t size)
{
	unsigned char block[TAR_BLOCK];

	if (strlen(name) > NAME_MAX_BYTES)
		long_name(s, name);
	tar_header_make(block, name, '0', 0644, size);
	outlet_write(&s->out, block, sizeof block);
}

static void
member(struct stream *s, const char *name, const char *text)
{
	size_t len = strlen(text);

	member_begin(s, name, (int64_t)len);
	outlet_write(&s->out, text, len);
	stream_pad(s, (int64_t)len);
}

static void
descriptor_add(struct buf *b, const struct descriptor *d)
{
	cJSON *json = descriptor_json(d);
	char *text = json_text(json);

	buf_adds(b, text);
	free(text);
	cJSON_Delete(json);
}

void
stream_open(struct stream *s, int fd, const struct descriptor *image,
    const struct descriptor *about, size_t n, const char *load)
{
	struct buf index = {0};

	*s = (struct stream){0};
	outlet_open(&s->out, fd);
	buf_adds(&index, "{\"schemaVersion\":2,\"mediaType\":"
			 "\"application/vnd.oci.image.index.v1+json\","
			 "\"manifests\":[");
	descriptor_add(&index, image);
	for (size_t i = 0; i < n; i++) {
		buf_addc(&index, ',');
		descriptor_add(&index, &about[i]);
	}
	buf_adds(&index, "]}");
	if (index.len > MANIFEST_MAX)
		die("what is about this image makes an index.json of more than "
		    "%d bytes",
		    MANIFEST_MAX);
	member(s, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
	member(s, "index.json", index.data);
	if (load)
		member(s, "manifest.json", load);
	buf_free(&index);
}

/*
 * The directories of a path, each once.  Without them what unpacks an archive
 * makes them up, and skopeo wants to give such to root, which an ordinary user
 * may not.
 */
static void
directories(struct stream *s, const char *path)
{
	static const char *const all[] = {
	    "blobs/", "blobs/sha256/", "blobs/sha512/"};
	unsigned char block[TAR_BLOCK];

	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
		if (s->made & 1U << i || strncmp(path, all[i], strlen(all[i])))
			continue;
		s->made |= 1U << i;
		tar_header_make(block, all[i], '5', 0755, 0);
		outlet_write(&s->out, block, sizeof block);
	}
}

void
stream_blob(struct stream *s, const struct descriptor *blob)
{
	char *path = blob_path(blob->digest);

	directories(s, path);
	member_begin(s, path, blob->size);
	free(path);
}

void
stream_end(struct stream *s)
{
	outlet_write(&s->out, zeros, sizeof zeros);
	outlet_close(&s->out);
}
