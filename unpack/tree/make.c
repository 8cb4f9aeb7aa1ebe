/* SPDX-License-Identifier: ISC */
/* One entry of a layer becomes a file, a link, a device, a directory. */
#include "unpack/tree/make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/inside.h"
#include "lib/io.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "unpack/apply/omission.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/metadata.h"
#include "unpack/tree/owner.h"
#include "unpack/tree/removal.h"
#include "unpack/tree/tree.h"

/* Take away what is there, if anything is. */
static void
vacate(struct tree *t, const struct place *p)
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

/* A call said that something is there: take it away.  Or die. */
static void
clear(struct tree *t, const struct place *p)
{
	if (errno != EEXIST)
		diesys("%s", p->path);
	vacate(t, p);
}

static int
file_create(struct tree *t, const struct place *p, mode_t mode)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(tree_dir(p)->fd, p->name, flags, mode);

	if (fd >= 0)
		return fd;
	clear(t, p);
	fd = openat(tree_dir(p)->fd, p->name, flags, mode);
	if (fd < 0)
		diesys("%s", p->path);
	return fd;
}

static ssize_t
data(struct tar_reader *tar, const struct place *p, const unsigned char **run)
{
	const char *why;
	ssize_t n = tar_data(tar, run, &why);

	if (n < 0)
		die("%s: %s", p->path, why);
	return n;
}

static void
file_write(int fd, const struct place *p, struct tar_reader *tar)
{
	const unsigned char *run;
	ssize_t n;

	while ((n = data(tar, p, &run)) > 0)
		if (io_write(fd, run, (size_t)n) < 0)
			diesys("%s", p->path);
}

/* The segments' data comes in one piece; the runs don't keep to them. */
static void
file_write_sparse(int fd, const struct place *p, const struct tar_entry *e,
    struct tar_reader *tar)
{
	const struct tar_segment *s = e->segments;
	int64_t done = 0; /* of *s */
	const unsigned char *run;
	ssize_t n;

	while ((n = data(tar, p, &run)) > 0)
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
make_file(struct tree *t, const struct place *p, const struct tar_entry *e,
    struct tar_reader *tar)
{
	const struct timespec times[] = {e->atime, e->mtime};
	mode_t mode = e->mode & 0777;
	int fd;

	/* Some can only be set where one may write, be one root or not. */
	if (e->nxattrs || owner_kept(t, e->uid, e->gid))
		mode |= 0200;
	fd = file_create(t, p, mode);
	if (e->sparse)
		file_write_sparse(fd, p, e, tar);
	else if (e->size)
		file_write(fd, p, tar);
	metadata_owner(t, fd, p->path, e->uid, e->gid);
	if (e->mode & 07000 && fchmod(fd, e->mode | mode) < 0)
		diesys("%s", p->path);
	metadata_xattrs(t, fd, p->path, e->xattrs, e->nxattrs);
	if (mode & ~e->mode && fchmod(fd, e->mode) < 0)
		diesys("%s", p->path);
	if (futimens(fd, times) < 0 || close(fd) < 0)
		diesys("%s", p->path);
}

void
make_symlink(struct tree *t, const struct place *p, const struct tar_entry *e)
{
	if (symlinkat(e->link, tree_dir(p)->fd, p->name) < 0) {
		clear(t, p);
		if (symlinkat(e->link, tree_dir(p)->fd, p->name) < 0)
			diesys("%s", p->path);
	}
	metadata_place(t, p, e);
}

/* It isn't made, nor are further names of it; what was there is gone. */
static void
device_omit(struct tree *t, const struct place *p, enum omission kind)
{
	vacate(t, p);
	pathmap_path(&t->omitted, p->path, true)->added = true;
	omission(kind, p->path, NULL);
}

void
make_device(struct tree *t, const struct place *p, const struct tar_entry *e)
{
	mode_t type = e->type == '3'   ? S_IFCHR
		      : e->type == '4' ? S_IFBLK
				       : S_IFIFO;
	mode_t mode = type | (e->mode & 0777);
	dev_t dev = makedev(e->major, e->minor);
	int r;

	if (type == S_IFCHR && !dev) {
		device_omit(t, p, OMITTED_HIDING_DEVICE);
		return;
	}
	r = mknodat(tree_dir(p)->fd, p->name, mode, dev);
	if (r < 0 && errno == EEXIST) {
		clear(t, p);
		r = mknodat(tree_dir(p)->fd, p->name, mode, dev);
	}
	if (r < 0 && errno == EPERM && type != S_IFIFO) {
		device_omit(t, p, OMITTED_DEVICE);
		return;
	}
	if (r < 0)
		diesys("%s", p->path);
	metadata_place(t, p, e);
}

void
make_directory(struct tree *t, const struct place *p, const struct tar_entry *e)
{
	struct stat st;

	if (mkdirat(tree_dir(p)->fd, p->name, 0700) < 0) {
		if (errno == EEXIST &&
		    !fstatat(
			tree_dir(p)->fd, p->name, &st, AT_SYMLINK_NOFOLLOW) &&
		    S_ISDIR(st.st_mode)) {
			dirmeta_entry(t, tree_dir(p)->known, p->name, e);
			return;
		}
		clear(t, p);
		if (mkdirat(tree_dir(p)->fd, p->name, 0700) < 0)
			diesys("%s", p->path);
	}
	dirmeta_entry(t, tree_dir(p)->known, p->name, e);
}

/* Two names of one file already: nothing to do, and nothing to remove. */
static bool
same(int dir1, const char *name1, int dir2, const char *name2)
{
	struct stat a, b;

	return !fstatat(dir1, name1, &a, AT_SYMLINK_NOFOLLOW) &&
	       !fstatat(dir2, name2, &b, AT_SYMLINK_NOFOLLOW) &&
	       a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

/* Whether path is that of a device that was left out, or of a name of it. */
static bool
is_omitted(struct tree *t, const char *path)
{
	const struct name *n = pathmap_path(&t->omitted, path, false);

	return n && n->added;
}

/* The directory of a target, whose descriptor is the caller's. */
static int
target_open(const struct tree *t, const struct place *target)
{
	int fd = inside_open(t->root, target->dir->path, O_PATH | O_DIRECTORY);

	if (fd < 0)
		diesys("%s", target->path);
	return fd;
}

void
make_link(struct tree *t, const struct place *p, const struct place *target)
{
	int dir = target_open(t, target);

	make_link_in(t, p, target, dir);
	close(dir);
}

void
make_link_in(
    struct tree *t, const struct place *p, const struct place *target, int dir)
{
	int to = tree_dir(p)->fd;
	bool made = dir >= 0 && linkat(dir, target->name, to, p->name, 0) == 0;

	if (dir < 0)
		errno = ENOENT;
	if (!made && errno == ENOENT && is_omitted(t, target->path)) {
		device_omit(t, p, OMITTED_DEVICE);
		made = true;
	} else if (!made && errno == EEXIST) {
		made = same(dir, target->name, to, p->name);
		if (!made) {
			vacate(t, p);
			made = linkat(dir, target->name, to, p->name, 0) == 0;
		}
	}
	if (!made)
		diesys("%s: link to %s", p->path, target->name);
}
