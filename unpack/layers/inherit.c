/* SPDX-License-Identifier: ISC */
/* What a directory has in a layer below. */
#include "unpack/layers/inherit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "unpack/tree/owner.h"
#include "unpack/tree/tree.h"

/* Attributes that are this form's, and such as the layer doesn't set. */
static bool
is_inherited(const char *name)
{
	return strncmp(name, "trusted.overlay.", 16) &&
	       strncmp(name, "user.overlay.", 13) &&
	       strcmp(name, "security.selinux");
}

static void
value_add(struct inherited *from, const char *proc, const char *name,
    const char *path)
{
	ssize_t n = getxattr(proc, name, NULL, 0);
	struct tar_entry *e = &from->entry;
	char *value = n < 0 ? NULL : xmalloc((size_t)n + 1);

	if (!value || getxattr(proc, name, value, (size_t)n) != n)
		diesys("%s: extended attribute %s", path, name);
	from->xattrs =
	    xreallocarray(from->xattrs, e->nxattrs + 1, sizeof *from->xattrs);
	from->xattrs[e->nxattrs++] = (struct tar_xattr){name, value, (size_t)n};
	e->xattrs = from->xattrs;
}

static void
xattrs_read(struct inherited *from, int fd, const char *path)
{
	char proc[32];
	ssize_t n;

	snprintf(proc, sizeof proc, "/proc/self/fd/%d", fd);
	n = listxattr(proc, NULL, 0);
	if (n > 0) {
		from->names = xmalloc((size_t)n);
		n = listxattr(proc, from->names, (size_t)n);
	}
	if (n < 0 && errno != ENOTSUP)
		diesys("%s: extended attributes", path);
	for (const char *p = from->names; p && p < from->names + n;
	     p += strlen(p) + 1)
		if (is_inherited(p))
			value_add(from, proc, p, path);
}

/* All files are the caller's: whose they would be says an attribute. */
static void
owner_find(struct inherited *from, const struct tree *t)
{
	struct tar_entry *e = &from->entry;

	e->uid = e->gid = 0;
	for (size_t i = 0; i < e->nxattrs; i++)
		if (owner_is(t, e->xattrs[i].name))
			owner_read(e->xattrs[i].value, e->xattrs[i].len,
			    &e->uid, &e->gid);
}

void
inherit(struct inherited *from, const struct tree *t, int fd, const char *path)
{
	struct stat st;

	*from = (struct inherited){0};
	if (fstat(fd, &st) < 0)
		diesys("%s, in a layer below", path);
	from->entry = (struct tar_entry){.type = '5',
	    .name = path,
	    .link = "",
	    .mode = st.st_mode & 07777,
	    .uid = st.st_uid,
	    .gid = st.st_gid,
	    .atime = st.st_atim,
	    .mtime = st.st_mtim};
	xattrs_read(from, fd, path);
	if (t->single)
		owner_find(from, t);
}

void
inherit_free(struct inherited *from)
{
	for (size_t i = 0; i < from->entry.nxattrs; i++)
		free((char *)from->xattrs[i].value);
	free(from->xattrs);
	free(from->names);
}
