/* SPDX-License-Identifier: ISC */
/* Files in the staging directory: made, brought to the disk, moved. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digestmap.h"
#include "lib/io.h"

#define FEW 100 /* blobs that are brought to the disk one by one */

static void
sync_one(const struct store *s, const char *digest)
{
	int fd =
	    openat(s->staging.fd, digest_hex(digest), O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fdatasync(fd))
		diesys("%s: %s", s->path, digest);
	close(fd);
}

void
store_sync(const struct store *s, const struct digestmap *staged)
{
	size_t n = digestmap_count(staged);
	char digest[DIGEST_MAX];

	/* A turn of the disk each is slower then than all that there is. */
	if (n > FEW) {
		if (syncfs(s->staging.fd))
			diesys("%s", s->path);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		digestmap_get(staged, i, digest);
		sync_one(s, digest);
	}
}

int
store_create(const struct store *s, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	int fd = openat(s->staging.fd, name, flags, 0666);

	/* An archive may have a blob twice. */
	if (fd < 0 && errno == EEXIST && !unlinkat(s->staging.fd, name, 0))
		fd = openat(s->staging.fd, name, flags, 0666);
	if (fd < 0)
		diesys("%s: %s", s->path, name);
	return fd;
}

/*
 * Whether the name in the layout is that file's own, by device and inode, and
 * not that of a symbolic link to it: Bazel makes layouts of these.
 */
static bool
is_own_name(int layout, const char *digest, int fd)
{
	char *path = blob_path(digest), *flat = blob_path_flat(digest);
	struct stat st, file;
	bool is = !fstat(fd, &file) &&
		  (!fstatat(layout, path, &st, AT_SYMLINK_NOFOLLOW) ||
		      !fstatat(layout, flat, &st, AT_SYMLINK_NOFOLLOW)) &&
		  st.st_dev == file.st_dev && st.st_ino == file.st_ino;

	free(path);
	free(flat);
	return is;
}

/* By descriptor, for the file may have another name by now, or none. */
bool
store_link(const struct store *s, const char *digest, int fd, int layout)
{
	char path[32];

	if (!is_own_name(layout, digest, fd))
		return false;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return !linkat(AT_FDCWD, path, s->staging.fd, digest_hex(digest),
	    AT_SYMLINK_FOLLOW);
}

void
store_unstage(const struct store *s, const char *digest)
{
	if (unlinkat(s->staging.fd, digest_hex(digest), 0) && errno != ENOENT)
		diesys("%s: %s", s->path, digest);
}

void
store_stage(
    const struct store *s, const char *name, const char *text, size_t len)
{
	int fd = store_create(s, name);

	if (io_write(fd, text, len) || fsync(fd) || close(fd))
		diesys("%s: %s", s->path, name);
}

void
store_move(const struct store *s, const char *name, int dir)
{
	if (renameat(s->staging.fd, name, dir, name))
		diesys("%s: %s", s->path, name);
}
