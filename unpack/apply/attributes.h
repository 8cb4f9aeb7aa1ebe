/* SPDX-License-Identifier: ISC */
/* What an entry says of a directory, kept until the directory is complete. */
#ifndef UNPACK_APPLY_ATTRIBUTES_H
#define UNPACK_APPLY_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct tar_entry;
struct tar_xattr;

struct attributes {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	struct timespec times[2]; /* of access, of change */
	struct tar_xattr *xattrs;
	size_t nxattrs;
};

/*
 * Replace what is kept by what an entry says.  *bytes is what the extended
 * attributes of all directories take; dies when that is more than 16 MiB.
 */
void attributes_set(
    struct attributes *a, const struct tar_entry *e, size_t *bytes);
void attributes_clear(struct attributes *a, size_t *bytes);

/* Of a directory that no entry speaks of: mode 0755, root's, that time. */
struct tar_entry attributes_implied(struct timespec now);

/*
 * Whether an extended attribute is for whoever gets the tree.  SELinux's are
 * not: they are the host's policy.  Nor is treemark.h's, which is not an
 * image's to say.  Nor are those of overlay, of which this
 * warns: they mean nothing in a plain tree, and lead anywhere as soon as that
 * tree is a lower directory of such a mount.
 */
bool attributes_wanted(const char *path, const struct tar_xattr *x);

#endif
