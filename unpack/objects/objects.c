/* SPDX-License-Identifier: ISC */
/* The directory that trees share their files in, and how they do. */
#include "unpack/objects/objects.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/treemark.h"
#include "unpack/objects/names.h"
#include "unpack/shared.h"

void
objects_open(struct objects *o, const char *path)
{
	*o = (struct objects){.path = path, .dir = shared_open(path)};
	names_check(path, o->dir);
}

static int
nameless(int dir)
{
	return openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

/* Whether one file's content can be another's there, tried at a byte. */
static bool
has_clones(int from, int to)
{
	int a = nameless(from), b = nameless(to);
	bool has =
	    a >= 0 && b >= 0 && !io_write(a, "x", 1) && !ioctl(b, FICLONE, a);

	if (a >= 0)
		close(a);
	if (b >= 0)
		close(b);
	return has;
}

/*
 * A directory has no links, but that one leads elsewhere, or where nothing can
 * be written, is said before that.
 */
static void
links_check(const struct objects *o, int root)
{
	int r = linkat(root, ".", o->dir, "link", 0);

	if (r < 0 && errno == EXDEV)
		die("%s: not in the file system of the root file system, so "
		    "that they can't share files",
		    o->path);
	if (r < 0 && errno == EROFS)
		diesys("%s", o->path);
}

void
objects_begin(struct objects *o, int root)
{
	o->clones = has_clones(root, o->dir);
	if (o->clones)
		return;
	links_check(o, root);
	if (fsetxattr(
		root, TREEMARK, TREEMARK_LINKS, strlen(TREEMARK_LINKS), 0) < 0)
		diesys("the extended attribute " TREEMARK ", which has to say "
		       "that files are shared, can't be set here");
}
