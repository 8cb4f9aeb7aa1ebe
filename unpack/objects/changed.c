/* SPDX-License-Identifier: ISC */
/*
 * Whether an object is what its name says: it may have been written to, by way
 * of a tree that has a link of it, or a power failure may have taken what was
 * written last.
 */
#include "unpack/objects/changed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "unpack/objects/object.h"
#include "unpack/tree/owner.h"
#include "unpack/tree/tree.h"

#define PIECE (256 << 10) /* bytes that are read at once */
#define XATTR_MAX 65536   /* the kernel's, of a value and of all names */

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

/* What the kernel or the host's policy gives a file by itself. */
static bool
is_the_hosts(const char *name)
{
	return !strcmp(name, "security.selinux") ||
	       !strcmp(name, "security.ima") || !strcmp(name, "security.evm");
}

/* Whether the entry says of the attribute what the file has. */
static bool
is_said(const struct object *o, int fd, const char *name)
{
	const struct tar_entry *e = o->entry;
	static char *value;
	ssize_t n;

	value = value ? value : xmalloc(XATTR_MAX);
	n = fgetxattr(fd, name, value, XATTR_MAX);
	for (size_t i = 0; n >= 0 && i < e->nxattrs; i++)
		if (!strcmp(e->xattrs[i].name, name))
			return e->xattrs[i].len == (size_t)n &&
			       !memcmp(e->xattrs[i].value, value, (size_t)n);
	return false;
}

/* Attributes that the file lacks are such as can't be stored here. */
static bool
xattrs_are(const struct object *o, int fd)
{
	static char *names;
	ssize_t n;

	names = names ? names : xmalloc(XATTR_MAX);
	n = flistxattr(fd, names, XATTR_MAX);
	if (n < 0)
		return errno == ENOTSUP;
	for (const char *p = names; p < names + n; p += strlen(p) + 1)
		if (!is_the_hosts(p) && !owner_is(o->tree, p) &&
		    !is_said(o, fd, p))
			return false;
	return true;
}

const char *
changed_inode(const struct object *o, int fd)
{
	const struct tar_entry *e = o->entry;
	const struct tree *t = o->tree;
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return "type";
	if (st.st_uid != (t->single ? t->uid : e->uid) ||
	    st.st_gid != (t->single ? t->gid : e->gid))
		return "owner";
	if ((st.st_mode & 07777) != (e->mode & 07777))
		return "mode";
	if (st.st_mtime != e->mtime.tv_sec)
		return "time";
	if (!xattrs_are(o, fd))
		return "extended attributes";
	return changed_content(o, fd);
}
