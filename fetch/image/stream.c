/* SPDX-License-Identifier: ISC */
/* The image stream, written. */
#include "fetch/image/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/descriptor.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "lib/mem.h"
#include "lib/tar.h"

#define PIPE_SIZE (1 << 20)
#define NAME_MAX_BYTES 100
#define PIECE (64 << 10)

static const char zeros[2 * TAR_BLOCK];

static _Noreturn void
write_failed(void)
{
	if (errno == EPIPE)
		die("standard output: the reader of the image has gone");
	diesys("standard output");
}

void
stream_write(struct stream *s, const void *p, size_t n)
{
	if (io_write(s->fd, p, n) < 0)
		write_failed();
}

/* As sendfile does, to a file that is open for appending, where it doesn't. */
static void
copy_by_hand(struct stream *s, int file, off_t at, size_t n)
{
	size_t max = n < PIECE ? n : PIECE;
	char *buffer = xmalloc(max);
	ssize_t r;

	for (; n; n -= (size_t)r, at += r) {
		r = pread(file, buffer, n < max ? n : max, at);
		if (r < 0)
			diesys("a temporary file");
		if (r == 0)
			die("a temporary file is shorter than it was");
		stream_write(s, buffer, (size_t)r);
	}
	free(buffer);
}

void
stream_copy(struct stream *s, int file, int64_t offset, size_t n)
{
	off_t at = offset;
	ssize_t r;

	while (n) {
		r = sendfile(s->fd, file, &at, n);
		if (r < 0 && io_again(s->fd, POLLOUT))
			continue;
		if (r < 0 && errno == EINVAL) {
			copy_by_hand(s, file, at, n);
			return;
		}
		if (r < 0)
			write_failed();
		if (r == 0)
			die("a temporary file is shorter than it was");
		n -= (size_t)r;
	}
}

void
stream_pad(struct stream *s, int64_t size)
{
	stream_write(s, zeros, tar_padding(size));
}

/* Names of sha512 blobs don't fit a header: a PAX record goes before it. */
static void
long_name(struct stream *s, const char *name)
{
	unsigned char block[TAR_BLOCK];
	size_t len = strlen(name) + strlen("123 path=\n");
	char *record = xasprintf("%zu path=%s\n", len, name);

	tar_header_make(block, "pax", 'x', 0644, (int64_t)len);
	stream_write(s, block, sizeof block);
	stream_write(s, record, len);
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
	stream_write(s, block, sizeof block);
}

static void
member(struct stream *s, const char *name, const char *text)
{
	size_t len = strlen(text);

	member_begin(s, name, (int64_t)len);
	stream_write(s, text, len);
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

	*s = (struct stream){.fd = fd};
	/* Fewer switches between writer and reader.  Not a pipe: no matter. */
	if (fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE) < 0)
		errno = 0;
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
		stream_write(s, block, sizeof block);
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
	stream_write(s, zeros, sizeof zeros);
	if (close(s->fd) < 0)
		write_failed();
}

bool
stream_ready(const struct stream *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};

	if (s->wait || poll(&p, 1, 0) < 0)
		return true;
	if (p.revents & POLLERR) {
		errno = EPIPE;
		write_failed();
	}
	return p.revents; /* whatever is wrong, write(2) will say */
}
