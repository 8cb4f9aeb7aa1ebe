/* SPDX-License-Identifier: ISC */
/*
 * Whether an object is what its name says: it may have been written to, by way
 * of a tree that has a link of it, or a power failure may have taken what was
 * written last.
 */
#include "unpack/objects/changed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "unpack/objects/attrs.h"
#include "unpack/objects/object.h"
#include "unpack/tree/file.h"
#include "unpack/tree/owner.h"
#include "unpack/tree/tree.h"

#define PIECE (256 << 10) /* bytes that are read at once */

const char *
changed_content(const struct object *o, int fd)
{
	static unsigned char *piece;
	char digest[DIGEST_MAX];
	struct digest d;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return "type";
	if (st.st_size != o->entry->size)
		return "size";
	piece = piece ? piece : xmalloc(PIECE);
	digest_init(&d, NULL);
	while ((n = io_some(fd, piece, PIECE)) > 0)
		digest_update(&d, piece, (size_t)n);
	digest_final(&d, digest);
	return n || strcmp(digest, o->content) ? "content" : NULL;
}

/* What a mode of one id for all files keeps of the layer's owner. */
static bool
owner_is_kept(const struct object *o, int fd)
{
	const struct tar_entry *e = o->entry;

	return !o->tree->single || owner_has(fd, e->uid, e->gid);
}

static bool
is_same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Whether owner, mode, time and attributes are the entry's, to the letter. */
static bool
is_said(const struct object *o, int fd, const struct stat *st)
{
	const struct tar_entry *e = o->entry;
	const struct tree *t = o->tree;

	return (st->st_mode & 07777) == (e->mode & 07777) &&
	       is_same_time(st->st_mtim, e->mtime) && owner_is_kept(o, fd) &&
	       attrs_said(t, e, fd);
}

/*
 * A file system has no times past its last or between two of its own, and may
 * lack attributes, and an ACL sets the mode: then it has to be what a new file
 * becomes here.
 */
static const char *
changed_from_new(const struct object *o, int fd, const struct stat *st)
{
	int new = file_nameless(o->tree, o->place, o->entry);
	const char *what = NULL;
	struct stat as;

	if (new < 0)
		return "mode, time or attributes";
	file_finish(o->tree, new, o->place, o->entry);
	if (fstat(new, &as) < 0)
		diesys("%s", o->place->path);
	if (st->st_mode != as.st_mode)
		what = "mode";
	else if (!is_same_time(st->st_mtim, as.st_mtim))
		what = "time";
	else if (!attrs_alike(fd, new))
		what = "set of extended attributes";
	close(new);
	return what;
}

const char *
changed_inode(const struct object *o, int fd)
{
	const struct tar_entry *e = o->entry;
	const struct tree *t = o->tree;
	const char *what;
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return "type";
	if (st.st_uid != (t->single ? t->uid : e->uid) ||
	    st.st_gid != (t->single ? t->gid : e->gid))
		return "owner";
	what = is_said(o, fd, &st) ? NULL : changed_from_new(o, fd, &st);
	return what ? what : changed_content(o, fd);
}
