/* SPDX-License-Identifier: ISC */
/* One blob on its way into the cache. */
#include "fetch/stock/part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/stock/cache.h"
#include "lib/blob.h"
#include "lib/descriptor.h"
#include "lib/digest.h"
#include "lib/io.h"
#include "lib/partial.h"
#include "lib/room.h"

#define PUSH (8 << 20) /* after which the disk is told to begin */

/*
 * Open the file.  What is there of another kind, or also a blob by another
 * name, goes: nothing but this is expected in the directory.
 */
static int
file_open(const struct cache *c, const char *name)
{
	int fd = partial_open(c->partial, name, O_RDWR | O_CREAT);

	if (fd >= 0 || errno == EWOULDBLOCK || unlinkat(c->partial, name, 0))
		return fd;
	return partial_open(c->partial, name, O_RDWR | O_CREAT);
}

enum part_got
part_open(struct part *p, struct cache *c, const struct descriptor *d)
{
	struct stat st;

	*p = (struct part){.cache = c, .digest = d->digest, .fd = -1};
	if (!cache_keeps(c))
		return PART_NONE;
	partial_name(d->digest, p->name);
	p->fd = file_open(c, p->name);
	if (p->fd < 0 && errno == EWOULDBLOCK)
		return PART_BUSY;
	if (p->fd < 0 || fstat(p->fd, &st)) {
		cache_give_up(c, p->name, NULL);
		return PART_NONE;
	}
	p->size = p->pushed = st.st_size;
	if (p->size > d->size)
		part_empty(p);
	if (room_make(p->fd, d->size)) {
		cache_give_up(c, p->name, NULL);
		part_remove(p);
		return PART_NONE;
	}
	return PART_OURS;
}

int
part_write(struct part *p, const void *bytes, size_t n)
{
	/* Only a hint: that all is on the disk is fdatasync's to say. */
	if (p->size - p->pushed >= PUSH) {
		sync_file_range(p->fd, p->pushed, p->size - p->pushed,
		    SYNC_FILE_RANGE_WRITE);
		p->pushed = p->size;
	}
	if (lseek(p->fd, p->size, SEEK_SET) < 0 || io_write(p->fd, bytes, n))
		return -1;
	p->size += (int64_t)n;
	return 0;
}

/* Move it to where blobs are: 0, or -1 with errno. */
static int
move(const struct part *p)
{
	int layout = p->cache->layout, blobs, dir, r, error;

	if (mkdirat(layout, "blobs", 0777) && errno != EEXIST)
		return -1;
	blobs = openat(
	    layout, "blobs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (blobs < 0)
		return -1;
	dir = blob_directory(blobs, p->digest);
	r = dir < 0 ? -1
		    : renameat(p->cache->partial, p->name, dir,
			  digest_hex(p->digest));
	error = errno;
	if (dir >= 0)
		close(dir);
	close(blobs);
	errno = error;
	return r;
}

void
part_publish(struct part *p)
{
	/* Who relies on a blob of a layout takes it to be on the disk. */
	if (fdatasync(p->fd) || move(p)) {
		cache_give_up(p->cache, p->digest, NULL);
		unlinkat(p->cache->partial, p->name, 0);
	}
	flock(p->fd, LOCK_UN);
}

void
part_empty(struct part *p)
{
	if (ftruncate(p->fd, 0))
		cache_give_up(p->cache, p->name, NULL);
	p->size = p->pushed = 0;
}

void
part_remove(struct part *p)
{
	unlinkat(p->cache->partial, p->name, 0);
	close(p->fd);
	p->fd = -1;
}

int64_t
part_state(const struct cache *c, const char *digest)
{
	char name[DIGEST_MAX];
	struct stat st;

	partial_name(digest, name);
	if (fstatat(c->partial, name, &st, AT_SYMLINK_NOFOLLOW))
		return -1;
	return st.st_size;
}
