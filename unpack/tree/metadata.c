/* SPDX-License-Identifier: ISC */
/*
 * Owners and extended attributes.  The order is that of the kernel's side
 * effects: chown(2) clears set-user-ID and capabilities, chmod(2) changes an
 * ACL, all of them change times.
 */
#include "unpack/tree/metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/tarentry.h"
#include "unpack/apply/attributes.h"
#include "unpack/apply/omission.h"
#include "unpack/tree/owner.h"
#include "unpack/tree/tree.h"

bool
metadata_foreign(const struct tree *t, uid_t uid, gid_t gid)
{
	return !t->single && (uid != t->uid || gid != t->gid);
}

_Noreturn static void
owner_failed(const char *path, uid_t uid, gid_t gid)
{
	diesys("%s: owner %u:%u can't be given here; --rootless=single goes "
	       "without owners",
	    path, uid, gid);
}

void
metadata_owner(
    const struct tree *t, int fd, const char *path, uid_t uid, gid_t gid)
{
	if (owner_kept(t, uid, gid))
		owner_keep(fd, path, uid, gid);
	else if (metadata_foreign(t, uid, gid) && fchown(fd, uid, gid) < 0)
		owner_failed(path, uid, gid);
}

/*
 * What another file system or an ordinary user can't have is left out, with a
 * warning: the file is as good without.  Not so what gives a program its
 * rights, where owners count.
 */
static void
xattr_result(
    const struct tree *t, int r, const char *path, const struct tar_xattr *x)
{
	bool refused = r < 0 && (errno == ENOTSUP || errno == EPERM);

	if (!r)
		return;
	if (errno == EINVAL) /* what IMA and EVM say of another's values */
		refused = !strncmp(x->name, "security.", 9);
	if (!refused || (!t->single && !strcmp(x->name, "security.capability")))
		diesys("%s: extended attribute %s%s", path, x->name,
		    refused ? " can't be set here; --rootless=single goes "
			      "without"
			    : "");
	omission(OMITTED_XATTR, path, x->name);
}

void
metadata_xattrs(const struct tree *t, int fd, const char *path,
    const struct tar_xattr *xattrs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct tar_xattr *x = &xattrs[i];

		if (attributes_wanted(path, x) && !owner_is(t, x->name))
			xattr_result(t,
			    fsetxattr(fd, x->name, x->value, x->len, 0), path,
			    x);
	}
}

/* There is no setxattrat(2) before Linux 6.13. */
static void
xattrs_place(
    const struct tree *t, const struct place *p, const struct tar_entry *e)
{
	char path[64 + NAME_MAX];

	snprintf(
	    path, sizeof path, "/proc/self/fd/%d/%s", tree_dir(p)->fd, p->name);
	for (size_t i = 0; i < e->nxattrs; i++) {
		const struct tar_xattr *x = &e->xattrs[i];

		if (attributes_wanted(p->path, x) && !owner_is(t, x->name))
			xattr_result(t,
			    lsetxattr(path, x->name, x->value, x->len, 0),
			    p->path, x);
	}
}

void
metadata_place(
    const struct tree *t, const struct place *p, const struct tar_entry *e)
{
	const struct timespec times[] = {e->atime, e->mtime};
	int dir = tree_dir(p)->fd;
	bool foreign = metadata_foreign(t, e->uid, e->gid);

	if (foreign &&
	    fchownat(dir, p->name, e->uid, e->gid, AT_SYMLINK_NOFOLLOW) < 0)
		owner_failed(p->path, e->uid, e->gid);
	if (e->type != '2' && e->mode & 07000 &&
	    fchmodat(dir, p->name, e->mode, 0) < 0)
		diesys("%s", p->path);
	if (e->nxattrs)
		xattrs_place(t, p, e);
	if (utimensat(dir, p->name, times, AT_SYMLINK_NOFOLLOW) < 0)
		diesys("%s", p->path);
}
