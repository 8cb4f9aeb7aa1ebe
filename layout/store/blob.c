/* SPDX-License-Identifier: ISC */
/* One blob on its way from the stream to the staging directory. */
#include "layout/store/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "lib/die.h"
#include "lib/io.h"

/*
 * Bytes after which the kernel is told to begin with the disk, so that the
 * wait at the end of all is short.
 */
#define PUSH (8 << 20)

/* Bytes for which room is made beforehand, and which go to the disk at once. */
#define LARGE (256 << 10)

/*
 * The file's size stays what was written.  That a file system can't do this is
 * no fault; fallocate(2) doesn't write zeros then, as posix_fallocate(3) would.
 */
static void
room_make(const struct blob *b, int64_t size)
{
	if (size < LARGE ||
	    !fallocate(b->fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)size))
		return;
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		diesys("%s: %" PRId64 " bytes", b->name, size);
}

void
blob_begin(
    struct blob *b, const struct store *s, const char *digest, int64_t size)
{
	*b = (struct blob){.fd = -1, .name = digest};
	digest_init(&b->digest, digest);
	if (!s)
		return;
	b->fd = store_create(s, digest_hex(digest));
	room_make(b, size);
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
	if (b->fd < 0)
		return;
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
	if (b->fd < 0)
		return;
	/* Small ones go together: one by one each is a turn of the disk. */
	if (b->size >= LARGE)
		push(b);
	if (close(b->fd))
		diesys("%s", b->name);
}
