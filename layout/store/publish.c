/* SPDX-License-Identifier: ISC */
/* What was staged, on its way into the layout's directories. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digestmap.h"
#include "lib/io.h"
#include "lib/manifest.h"

int
store_directory(const struct store *s, int dir, const char *name)
{
	int fd;

	if (mkdirat(dir, name, 0777) && errno != EEXIST)
		diesys("%s: %s", s->path, name);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		diesys("%s: %s", s->path, name);
	return fd;
}

/* 0, or -1 with errno. */
static int
directory_sync(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 ? -1 : fsync(fd), error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return r;
}

void
store_directory_sync(const struct store *s, int dir, const char *name)
{
	if (directory_sync(dir))
		diesys("%s/%s", s->path, name);
}

void
store_change_sync(const struct store *s, int dir)
{
	if (directory_sync(dir))
		diesys("%s: it has changed, but that may not outlast a loss "
		       "of power",
		    s->path);
}

/* blobs/sha256 or blobs/sha512, opened once it is needed. */
static int
algorithm_directory(
    const struct store *s, int blobs, const char *digest, int cache[2])
{
	bool is_512 = !strncmp(digest, "sha512:", 7);

	if (cache[is_512] >= 0)
		return cache[is_512];
	cache[is_512] = blob_directory(blobs, digest);
	if (cache[is_512] < 0)
		diesys("%s: blobs/%s", s->path, is_512 ? "sha512" : "sha256");
	return cache[is_512];
}

/*
 * Whether the layout's copy is the one that is staged, or that of a small blob
 * has the same bytes: then it stays, for a reader may have locked that file.
 */
static bool
is_there(const struct store *s, int dir, const char *name)
{
	struct stat a, b;
	char *old, *new;
	bool same;

	if (s->is_new || fstatat(dir, name, &a, AT_SYMLINK_NOFOLLOW) ||
	    fstatat(s->staging.fd, name, &b, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(a.st_mode) || a.st_size != b.st_size)
		return false;
	if (a.st_dev == b.st_dev && a.st_ino == b.st_ino)
		return true;
	if (a.st_size > MANIFEST_MAX)
		return false;
	old = io_slurp_at(dir, name, MANIFEST_MAX, NULL);
	new = io_slurp_at(s->staging.fd, name, MANIFEST_MAX, NULL);
	same = old && new && !memcmp(old, new, (size_t)a.st_size);
	free(old);
	free(new);
	return same;
}

static void
blob_move(const struct store *s, const char *digest, int dir)
{
	if (!is_there(s, dir, digest_hex(digest)))
		store_move(s, digest_hex(digest), dir);
}

void
store_publish(const struct store *s, const struct digestmap *staged)
{
	char digest[DIGEST_MAX];
	int blobs = store_directory(s, s->layout, "blobs"), dirs[2] = {-1, -1};

	for (size_t i = 0; i < digestmap_count(staged); i++) {
		digestmap_get(staged, i, digest);
		blob_move(
		    s, digest, algorithm_directory(s, blobs, digest, dirs));
	}
	for (int i = 0; i < 2; i++)
		if (dirs[i] >= 0) {
			store_directory_sync(
			    s, dirs[i], i ? "blobs/sha512" : "blobs/sha256");
			close(dirs[i]);
		}
	store_directory_sync(s, blobs, "blobs");
	close(blobs);
}
