/* SPDX-License-Identifier: ISC */
/* What an entry says of a directory. */
#include "unpack/apply/attributes.h"

#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "lib/treemark.h"
#include "unpack/apply/omission.h"

#define XATTRS_MAX (16 << 20) /* bytes of those of all directories */

static size_t
xattr_bytes(const struct tar_xattr *x)
{
	return sizeof *x + strlen(x->name) + x->len;
}

void
attributes_clear(struct attributes *a, size_t *bytes)
{
	for (size_t i = 0; i < a->nxattrs; i++) {
		*bytes -= xattr_bytes(&a->xattrs[i]);
		free((char *)a->xattrs[i].name);
		free((char *)a->xattrs[i].value);
	}
	free(a->xattrs);
	*a = (struct attributes){0};
}

static void
xattrs_copy(struct attributes *a, const struct tar_entry *e, size_t *bytes)
{
	if (e->nxattrs)
		a->xattrs = xcalloc(e->nxattrs, sizeof *a->xattrs);
	for (size_t i = 0; i < e->nxattrs; i++) {
		const struct tar_xattr *from = &e->xattrs[i];
		char *value;

		*bytes += xattr_bytes(from);
		if (*bytes > XATTRS_MAX)
			die("%s: the extended attributes of directories take "
			    "more than %d MiB",
			    e->name, XATTRS_MAX >> 20);
		value = xmalloc(from->len + 1);
		memcpy(value, from->value, from->len);
		a->xattrs[a->nxattrs++] =
		    (struct tar_xattr){xstrdup(from->name), value, from->len};
	}
}

void
attributes_set(struct attributes *a, const struct tar_entry *e, size_t *bytes)
{
	attributes_clear(a, bytes);
	a->mode = e->mode;
	a->uid = e->uid;
	a->gid = e->gid;
	a->times[0] = e->atime;
	a->times[1] = e->mtime;
	xattrs_copy(a, e, bytes);
}

struct tar_entry
attributes_implied(struct timespec now)
{
	return (struct tar_entry){.mode = 0755, .atime = now, .mtime = now};
}

bool
attributes_wanted(const char *path, const struct tar_xattr *x)
{
	if (!strncmp(x->name, "trusted.overlay.", 16) ||
	    !strncmp(x->name, "user.overlay.", 13)) {
		omission(OMITTED_OVERLAY_XATTR, path, x->name);
		return false;
	}
	return strcmp(x->name, "security.selinux") && strcmp(x->name, TREEMARK);
}
