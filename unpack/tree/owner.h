/* SPDX-License-Identifier: ISC */
/*
 * Owners that can't be given, for all files are the caller's: they are kept in
 * an extended attribute, as umoci and PRoot do.
 */
#ifndef UNPACK_TREE_OWNER_H
#define UNPACK_TREE_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tree;

/* Whether an owner is to be kept; root, who owns what has no attribute, isn't.
 */
bool owner_kept(const struct tree *t, uid_t uid, gid_t gid);

/* Whether the attribute's name is that: a layer's own says nothing. */
bool owner_is(const struct tree *t, const char *xattr);

/*
 * Keep it with the file or directory, which this process may write.  Where the
 * file system has no such attributes there is a warning.
 */
void owner_keep(int fd, const char *path, uid_t uid, gid_t gid);

/* Whether it is kept with a file: root also by there being no attribute. */
bool owner_has(int fd, uid_t uid, gid_t gid);

/* The owner that the attribute's value keeps; what it doesn't say stays. */
void owner_read(const void *value, size_t len, uid_t *uid, gid_t *gid);

#endif
