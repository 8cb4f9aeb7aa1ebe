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
#include "lib/tarentry.h"
#include "unpack/apply/omission.h"
#include "unpack/objects/file.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/file.h"
#include "unpack/tree/metadata.h"
#include "unpack/tree/tree.h"

void
make_file(struct tree *t, const struct place *p, const struct tar_entry *e,
    struct tar_reader *tar)
{
	int fd;

	if (t->objects && object_file(t, p, e, tar))
		return;
	fd = file_create(t, p, e);
	file_write(fd, p, e, tar);
	file_finish(t, fd, p, e);
	if (close(fd) < 0)
		diesys("%s", p->path);
}

void
make_symlink(struct tree *t, const struct place *p, const struct tar_entry *e)
{
	if (symlinkat(e->link, tree_dir(p)->fd, p->name) < 0) {
		place_clear(t, p);
		if (symlinkat(e->link, tree_dir(p)->fd, p->name) < 0)
			diesys("%s", p->path);
	}
	metadata_place(t, p, e);
}

/* It isn't made, nor are further names of it; what was there is gone. */
static void
device_omit(struct tree *t, const struct place *p, enum omission kind)
{
	place_vacate(t, p);
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
		place_clear(t, p);
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
		place_clear(t, p);
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
			place_vacate(t, p);
			made = linkat(dir, target->name, to, p->name, 0) == 0;
		}
	}
	if (!made)
		diesys("%s: link to %s", p->path, target->path);
}
