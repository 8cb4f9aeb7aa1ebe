/* SPDX-License-Identifier: ISC */
/* Owners, modes, times and attributes of directories. */
#include "unpack/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/tarread.h"
#include "unpack/metadata.h"
#include "unpack/tree.h"

#define DIRECTORIES_MAX (1 << 20)

struct directory {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	struct timespec times[2];
	struct tar_xattr *xattrs;
	size_t nxattrs;
};

static void
xattrs_free(struct directory *d)
{
	for (size_t i = 0; i < d->nxattrs; i++) {
		free((char *)d->xattrs[i].name);
		free((char *)d->xattrs[i].value);
	}
	free(d->xattrs);
}

static void
xattrs_copy(struct directory *d, const struct tar_entry *e)
{
	d->nxattrs = e->nxattrs;
	d->xattrs = NULL;
	if (e->nxattrs)
		d->xattrs = xcalloc(e->nxattrs, sizeof *d->xattrs);
	for (size_t i = 0; i < e->nxattrs; i++) {
		const struct tar_xattr *from = &e->xattrs[i];
		char *value = xmalloc(from->len + 1);

		memcpy(value, from->value, from->len);
		d->xattrs[i] =
		    (struct tar_xattr){xstrdup(from->name), value, from->len};
	}
}

void
directory_entry(struct tree *t, const char *path, const struct tar_entry *e)
{
	void **value = names_at(&t->directories, path);
	struct directory *d = *value;

	if (d)
		xattrs_free(d);
	else
		d = *value = xmalloc(sizeof *d);
	if (t->directories.used > DIRECTORIES_MAX)
		die("%s: more than %d directories", path, DIRECTORIES_MAX);
	d->mode = e->mode;
	d->uid = e->uid;
	d->gid = e->gid;
	d->times[0] = e->atime;
	d->times[1] = e->mtime;
	xattrs_copy(d, e);
}

void
directory_implied(struct tree *t, const char *path)
{
	struct tar_entry e = {.mode = 0755, .atime = t->now, .mtime = t->now};

	directory_entry(t, path, &e);
}

/* What is deeper comes first: it can't be reached through a mode of 0. */
static int
deeper_first(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	return strcmp(y->path, x->path);
}

static void
finish(struct tree *t, const char *path, const struct directory *d)
{
	int fd = tree_open(t, path, O_RDONLY | O_DIRECTORY);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return; /* an upper layer took it away */
	if (fd < 0)
		diesys("%s", path);
	metadata_owner(t, fd, path, d->uid, d->gid);
	/* Before the mode: without privilege one must be allowed to write. */
	metadata_xattrs(t, fd, path, d->xattrs, d->nxattrs);
	if (fchmod(fd, d->mode) < 0)
		diesys("%s", path);
	if (futimens(fd, d->times) < 0)
		diesys("%s", path);
	close(fd);
}

void
directory_finish(struct tree *t)
{
	struct names *n = &t->directories;
	size_t used = 0;

	tree_forget(t);
	/* The map becomes a list; nobody asks it any more. */
	for (size_t i = 0; i < n->size; i++)
		if (n->slots[i].path)
			n->slots[used++] = n->slots[i];
	qsort(n->slots, used, sizeof *n->slots, deeper_first);
	for (size_t i = 0; i < used; i++)
		finish(t, n->slots[i].path, n->slots[i].value);
}
