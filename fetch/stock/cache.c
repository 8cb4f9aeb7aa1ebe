/* SPDX-License-Identifier: ISC */
/* A layout that keeps what is fetched. */
#include "fetch/stock/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/stock/part.h"
#include "fetch/stock/stock.h"
#include "lib/blob.h"
#include "lib/descriptor.h"
#include "lib/die.h"
#include "lib/directory.h"
#include "lib/io.h"
#include "lib/layout.h"
#include "lib/partial.h"

#define TRIES 100 /* to find a directory that others make and remove */
#define LAYOUT_TEXT "{\"imageLayoutVersion\":\"1.0.0\"}"
#define INDEX_TEXT                                                             \
	"{\"schemaVersion\":2,\"mediaType\":"                                  \
	"\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}"

void
cache_give_up(struct cache *c, const char *what, const char *why)
{
	if (!c->off)
		warn("--cache %s: %s: %s; from here on nothing is kept", c->dir,
		    what, why ? why : strerror(errno));
	c->off = true;
}

static bool
has(const struct cache *c, const char *name)
{
	return !faccessat(c->layout, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

/* Write a new file without a name, and give it one: 0, or -1 with errno. */
static int
file_link(int layout, int fd, const char *name, const char *text)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (io_write(fd, text, strlen(text)) || fsync(fd))
		return -1;
	return linkat(AT_FDCWD, path, layout, name, AT_SYMLINK_FOLLOW);
}

/*
 * A small file, if there is none: 0, or -1 with errno.  Where it can be, it is
 * made in one step, so that whoever is killed leaves no stranger's name in what
 * is to be an empty directory or a layout.
 */
static int
file_make(const struct cache *c, const char *name, const char *text)
{
	int fd, r, error;

	if (has(c, name))
		return 0;
	fd = openat(c->layout, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		return io_replace(c->layout, name, text, strlen(text), 0666);
	if (fd < 0)
		return -1;
	r = file_link(c->layout, fd, name, text);
	error = errno;
	close(fd);
	errno = error;
	return r && errno != EEXIST ? -1 : 0;
}

/*
 * Make what a layout lacks, under the lock that writers take: -1 with errno.
 * ENOENT: a new one of oci-layout-write took its place meanwhile.
 */
static int
layout_make(const struct cache *c)
{
	struct stat st;
	int r = 0, error;

	directory_lock(c->layout, c->dir);
	errno = ENOENT;
	if (fstat(c->layout, &st) || !st.st_nlink)
		r = -1;
	if (!r)
		r = file_make(c, "oci-layout", LAYOUT_TEXT);
	if (!r)
		r = file_make(c, "index.json", INDEX_TEXT);
	error = errno;
	flock(c->layout, LOCK_UN);
	errno = error;
	return r;
}

/* Those of old have refs/ in place of one file, and perhaps of both. */
static bool
is_whole(const struct cache *c)
{
	return has(c, "refs") || (has(c, "oci-layout") && has(c, "index.json"));
}

/* Open the directory, or make it: -1 with errno, EEXIST to try again. */
static int
directory_ready(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		diesys("--cache: %s", dir);
	if (!mkdir(dir, 0777))
		errno = EEXIST;
	else if (errno == ENOENT || errno == ENOTDIR)
		diesys("--cache: %s", dir);
	return -1;
}

/* Open the layout, or make it: -1 with errno, EEXIST to try again. */
static int
layout_ready(struct cache *c)
{
	c->layout = directory_ready(c->dir);
	if (c->layout < 0)
		return -1;
	if (has(c, "oci-layout") || !stock_is_bare(c->layout))
		layout_check(c->layout, c->dir);
	if (is_whole(c) || !layout_make(c))
		return 0;
	if (errno != ENOENT)
		return -1;
	close(c->layout);
	c->layout = -1;
	errno = EEXIST;
	return -1;
}

/*
 * The directory of parts: -1 with errno when there can be none, EPERM when
 * somebody else could change what is in it.
 */
static int
partial_directory(int layout)
{
	struct stat st;
	int fd;

	if (mkdirat(layout, PARTIAL_DIRECTORY, 0700) && errno != EEXIST)
		return -1;
	fd = openat(layout, PARTIAL_DIRECTORY,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && st.st_uid == geteuid() && !(st.st_mode & 022))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

void
cache_open(struct cache *c, const char *dir)
{
	int r = -1;

	*c = (struct cache){.dir = dir, .layout = -1, .partial = -1};
	for (int i = 0; i < TRIES && r; i++) {
		r = layout_ready(c);
		if (r && errno != EEXIST)
			break;
	}
	if (r)
		cache_give_up(c, "it can't be made a layout", NULL);
}

bool
cache_keeps(struct cache *c)
{
	if (c->off || c->partial >= 0)
		return !c->off;
	c->partial = partial_directory(c->layout);
	if (c->partial < 0)
		cache_give_up(c, PARTIAL_DIRECTORY,
		    errno == EPERM ? "it isn't this user's alone" : NULL);
	return !c->off;
}

void
cache_close(struct cache *c)
{
	if (c->partial >= 0)
		close(c->partial);
	if (c->layout >= 0)
		close(c->layout);
	*c = (struct cache){.layout = -1, .partial = -1, .off = true};
}

int
cache_find(const struct cache *c, const struct descriptor *d)
{
	struct stat st;
	int fd = blob_lookup_open(c->layout, d->digest, &st);

	if (fd < 0 || st.st_size == d->size)
		return fd;
	close(fd);
	return -1;
}

void
cache_used(int fd)
{
	futimens(fd, NULL); /* oci-layout-gc --age goes by that */
}

char *
cache_load(const struct cache *c, const char *digest, int64_t *size, size_t max)
{
	char *text = stock_load_from(c->layout, digest, size, max);
	char *path = text ? blob_path(digest) : NULL;

	if (path) /* as cache_used */
		utimensat(c->layout, path, NULL, AT_SYMLINK_NOFOLLOW);
	free(path);
	return text;
}

void
cache_keep(struct cache *c, const struct descriptor *d, const char *data)
{
	int64_t size = d->size;
	char *had = cache_load(c, d->digest, &size, MANIFEST_MAX);
	struct part part;

	free(had);
	if (had || part_open(&part, c, d) != PART_OURS)
		return;
	part_empty(&part);
	if (part_write(&part, data, (size_t)d->size)) {
		cache_give_up(c, d->digest, NULL);
		part_remove(&part);
		return;
	}
	part_publish(&part);
	close(part.fd);
}
