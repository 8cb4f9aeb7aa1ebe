/* SPDX-License-Identifier: ISC */
/* One blob on its way from the stream to the staging directory. */
#include "layout/blob.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "layout/store.h"
#include "lib/die.h"
#include "lib/io.h"

/*
 * Bytes after which the kernel is told to begin with the disk, so that the
 * wait at the end of all is short.
 */
#define PUSH (8 << 20)

void
blob_begin(struct blob *b, const struct store *s, const char *digest)
{
	*b = (struct blob){.name = digest};
	b->fd = store_create(s, digest_hex(digest));
	digest_init(&b->digest, digest);
}

static void
push(struct blob *b)
{
	/* Only a hint: that all is on the disk is fdatasync's to say. */
	sync_file_range(
	    b->fd, b->pushed, b->size - b->pushed, SYNC_FILE_RANGE_WRITE);
	b->pushed = b->size;
}

void
blob_write(struct blob *b, const unsigned char *p, size_t n)
{
	digest_update(&b->digest, p, n);
	if (io_write(b->fd, p, n))
		diesys("%s", b->name);
	b->size += (off_t)n;
	if (b->size - b->pushed >= PUSH)
		push(b);
}

void
blob_end(struct blob *b)
{
	char text[DIGEST_MAX];

	digest_final(&b->digest, text);
	if (strcmp(text, b->name))
		die("%s: the blob's digest is %s", b->name, text);
	push(b);
	if (close(b->fd))
		diesys("%s", b->name);
}
