/* SPDX-License-Identifier: ISC */
/* One object of those that trees share, for one file of a tree. */
#include "unpack/objects/object.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/directory.h"
#include "lib/tarentry.h"
#include "unpack/objects/changed.h"
#include "unpack/objects/objects.h"
#include "unpack/tree/file.h"
#include "unpack/tree/tree.h"

/*
 * Links that one file may have: ext4 has no more than 65000, and the image may
 * give the file of a tree further names.
 */
#define LINKS_MAX 60000

void
object_name(struct object *o)
{
	key_make(o->key, o->tree, o->entry, o->content);
}

int
object_find(struct object *o)
{
	const struct objects *all = o->tree->objects;
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int fd = openat(all->dir, o->key, flags);
	const char *what;
	struct stat st;

	if (fd < 0) {
		o->stale = errno != ENOENT;
		return -1;
	}
	what = all->clones ? changed_content(o, fd) : changed_inode(o, fd);
	if (what)
		warn("%s/%s: its %s has changed: it is made anew", all->path,
		    o->key, what);
	o->stale = what || (!all->clones && !fstat(fd, &st) &&
			       st.st_nlink >= LINKS_MAX);
	if (!o->stale)
		return fd;
	close(fd);
	return -1;
}

bool
object_clone(int fd, int object)
{
	return !ioctl(fd, FICLONE, object);
}

bool
object_link(const struct object *o, int object)
{
	const struct place *p = o->place;
	int dir = o->tree->objects->dir, to = tree_dir(p)->fd;
	int r = linkat(dir, o->key, to, p->name, 0);

	if (r < 0 && errno == EEXIST) {
		place_vacate(o->tree, p);
		r = linkat(dir, o->key, to, p->name, 0);
	}
	/* What has the name is that very file, whatever happened meanwhile. */
	return !r && directory_has(to, p->name, object);
}

/* The directory of an object, made if need be. */
static int
directory(const struct object *o)
{
	const struct objects *all = o->tree->objects;
	char path[KEY_MAX];
	int fd;

	strcpy(path, o->key);
	*strrchr(path, '/') = 0;
	fd = openat(all->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	*strchr(path, '/') = 0;
	if (mkdirat(all->dir, path, 0700) < 0 && errno != EEXIST)
		return -1;
	path[strlen(path)] = '/';
	if (mkdirat(all->dir, path, 0700) < 0 && errno != EEXIST)
		return -1;
	return openat(all->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A file with that content gets the name when it has it. */
static int
add_clone(int dir, const char *name, int from)
{
	int fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), r;
	char path[32];

	if (fd < 0)
		return -1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	r = ioctl(fd, FICLONE, from);
	if (!r)
		r = linkat(AT_FDCWD, path, dir, name, AT_SYMLINK_FOLLOW);
	close(fd);
	return r;
}

void
object_add(const struct object *o, int fd)
{
	const struct objects *all = o->tree->objects;
	const char *name = strrchr(o->key, '/') + 1;
	int dir = directory(o), r = -1;

	if (dir < 0)
		diesys("%s/%s", all->path, o->key);
	if (o->stale)
		unlinkat(dir, name, 0);
	r = all->clones
		? add_clone(dir, name, fd)
		: linkat(tree_dir(o->place)->fd, o->place->name, dir, name, 0);
	/* Another process may have added its own. */
	if (r < 0 && errno != EEXIST)
		diesys("%s/%s", all->path, o->key);
	close(dir);
}
