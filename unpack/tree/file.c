/* SPDX-License-Identifier: ISC */
/* Regular files of the tree: their place, their data, what is said of them. */
#include "unpack/tree/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "unpack/tree/metadata.h"
#include "unpack/tree/owner.h"
#include "unpack/tree/removal.h"
#include "unpack/tree/tree.h"

void
place_vacate(struct tree *t, const struct place *p)
{
	struct stat st;

	if (fstatat(tree_dir(p)->fd, p->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT)
			return;
		diesys("%s", p->path);
	}
	if (removal(tree_dir(p)->fd, p->name) < 0)
		diesys("%s", p->path);
	if (S_ISDIR(st.st_mode) || S_ISLNK(st.st_mode))
		t->outdated = true;
}

void
place_clear(struct tree *t, const struct place *p)
{
	if (errno != EEXIST)
		diesys("%s", p->path);
	place_vacate(t, p);
}

/* Some can only be set where one may write, be one root or not. */
static mode_t
first_mode(const struct tree *t, const struct tar_entry *e)
{
	bool more = e->nxattrs || owner_kept(t, e->uid, e->gid);

	return (e->mode & 0777) | (more ? 0200 : 0);
}

int
file_create(struct tree *t, const struct place *p, const struct tar_entry *e)
{
	mode_t mode = first_mode(t, e);
	int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(tree_dir(p)->fd, p->name, flags, mode);

	if (fd >= 0)
		return fd;
	place_clear(t, p);
	fd = openat(tree_dir(p)->fd, p->name, flags, mode);
	if (fd < 0)
		diesys("%s", p->path);
	return fd;
}

int
file_nameless(
    const struct tree *t, const struct place *p, const struct tar_entry *e)
{
	return openat(tree_dir(p)->fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC,
	    first_mode(t, e));
}

ssize_t
file_data(
    struct tar_reader *tar, const struct place *p, const unsigned char **run)
{
	const char *why;
	ssize_t n = tar_data(tar, run, &why);

	if (n < 0)
		die("%s: %s", p->path, why);
	return n;
}

static void
write_all(int fd, const struct place *p, struct tar_reader *tar)
{
	const unsigned char *run;
	ssize_t n;

	while ((n = file_data(tar, p, &run)) > 0)
		if (io_write(fd, run, (size_t)n) < 0)
			diesys("%s", p->path);
}

/* The segments' data comes in one piece; the runs don't keep to them. */
static void
write_sparse(int fd, const struct place *p, const struct tar_entry *e,
    struct tar_reader *tar)
{
	const struct tar_segment *s = e->segments;
	int64_t done = 0; /* of *s */
	const unsigned char *run;
	ssize_t n;

	while ((n = file_data(tar, p, &run)) > 0)
		while (n > 0) {
			int64_t some = s->len - done < n ? s->len - done : n;

			if (lseek(fd, s->offset + done, SEEK_SET) < 0 ||
			    io_write(fd, run, (size_t)some) < 0)
				diesys("%s", p->path);
			run += some;
			n -= some;
			done += some;
			if (done == s->len) {
				s++;
				done = 0;
			}
		}
	if (ftruncate(fd, e->size) < 0)
		diesys("%s", p->path);
}

void
file_write(int fd, const struct place *p, const struct tar_entry *e,
    struct tar_reader *tar)
{
	if (e->sparse)
		write_sparse(fd, p, e, tar);
	else if (e->size)
		write_all(fd, p, tar);
}

void
file_finish(
    struct tree *t, int fd, const struct place *p, const struct tar_entry *e)
{
	const struct timespec times[] = {e->atime, e->mtime};
	mode_t mode = first_mode(t, e);

	metadata_owner(t, fd, p->path, e->uid, e->gid);
	if (e->mode & 07000 && fchmod(fd, e->mode | mode) < 0)
		diesys("%s", p->path);
	metadata_xattrs(t, fd, p->path, e->xattrs, e->nxattrs);
	if (mode & ~e->mode && fchmod(fd, e->mode) < 0)
		diesys("%s", p->path);
	if (futimens(fd, times) < 0)
		diesys("%s", p->path);
}
