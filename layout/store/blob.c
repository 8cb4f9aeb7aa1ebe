/* SPDX-License-Identifier: ISC */
/* One blob on its way from the stream to the staging directory. */
#include "layout/store/blob.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "layout/store/twin.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/room.h"

/*
 * Bytes after which the kernel is told to begin with the disk, so that the
 * wait at the end of all is short.
 */
#define PUSH (8 << 20)

/* Bytes of a blob that goes to the disk at once. */
#define LARGE (256 << 10)

static void
file_begin(struct blob *b)
{
	b->fd = store_create(b->store, digest_hex(b->name));
	if (room_make(b->fd, b->said))
		diesys("%s: %" PRId64 " bytes", b->name, b->said);
}

void
blob_begin(
    struct blob *b, const struct store *s, const char *digest, int64_t size)
{
	*b = (struct blob){
	    .fd = -1, .twin = -1, .name = digest, .store = s, .said = size};
	digest_init(&b->digest, digest);
	if (!s)
		return;
	b->twin = twin_open(s, digest, size);
	if (b->twin < 0)
		file_begin(b);
}

static void
push(struct blob *b)
{
	/* Only a hint: that all is on the disk is fdatasync's to say. */
	sync_file_range(
	    b->fd, b->pushed, b->size - b->pushed, SYNC_FILE_RANGE_WRITE);
	b->pushed = b->size;
}

static void
file_write(struct blob *b, const unsigned char *p, size_t n)
{
	if (io_write(b->fd, p, n))
		diesys("%s", b->name);
	b->size += (off_t)n;
	if (b->size - b->pushed >= PUSH)
		push(b);
}

/*
 * The layout's copy is another: what came until now, which it has, goes to a
 * file.  It is hashed once more, for who may write to that copy may have.
 */
static void
part(struct blob *b)
{
	off_t same = b->size;
	unsigned char *p = xmalloc(LARGE);
	ssize_t n = 0;

	b->size = 0;
	digest_init(&b->digest, b->name);
	file_begin(b);
	for (; b->size < same; file_write(b, p, (size_t)n)) {
		n = pread(b->twin, p,
		    same - b->size < LARGE ? (size_t)(same - b->size) : LARGE,
		    b->size);
		if (n <= 0)
			break; /* as the digest is going to tell */
		digest_update(&b->digest, p, (size_t)n);
	}
	free(p);
	close(b->twin);
	b->twin = -1;
}

void
blob_write(struct blob *b, const unsigned char *p, size_t n)
{
	if (b->twin >= 0 && !twin_is_same(b->twin, b->size, p, n))
		part(b);
	digest_update(&b->digest, p, n);
	if (b->twin >= 0)
		b->size += (off_t)n;
	else if (b->fd >= 0)
		file_write(b, p, n);
}

/* The layout's copy is the one if it ends here, too. */
static void
twin_end(struct blob *b)
{
	if (b->twin >= 0 && !twin_ends(b->twin, b->size))
		part(b);
	if (b->twin >= 0)
		close(b->twin);
	b->twin = -1;
}

/* The bytes are all there. */
static void
finish(struct blob *b)
{
	if (b->fd < 0)
		return;
	/* Small ones go together: one by one each is a turn of the disk. */
	if (b->size >= LARGE)
		push(b);
	if (close(b->fd))
		diesys("%s", b->name);
}

void
blob_end(struct blob *b)
{
	char text[DIGEST_MAX];

	twin_end(b);
	digest_final(&b->digest, text);
	if (strcmp(text, b->name))
		die("%s: the blob's digest is %s", b->name, text);
	finish(b);
}

bool
blob_is_whole(struct blob *b)
{
	char text[DIGEST_MAX];

	twin_end(b);
	digest_final(&b->digest, text);
	finish(b);
	return !strcmp(text, b->name);
}
