/* SPDX-License-Identifier: ISC */
/* Owners and extended attributes of what is being made. */
#ifndef UNPACK_TREE_METADATA_H
#define UNPACK_TREE_METADATA_H

#include <stdbool.h>
#include <sys/types.h>

struct place;
struct tar_entry;
struct tar_xattr;
struct tree;

/* Whether what this process made has to be given to another. */
bool metadata_foreign(const struct tree *t, uid_t uid, gid_t gid);

/* By descriptor, path for messages.  They die when it can't be done. */
void metadata_owner(
    const struct tree *t, int fd, const char *path, uid_t uid, gid_t gid);
void metadata_xattrs(const struct tree *t, int fd, const char *path,
    const struct tar_xattr *xattrs, size_t n);

/* Everything of what can't be opened: links, devices, FIFOs. */
void metadata_place(
    const struct tree *t, const struct place *p, const struct tar_entry *e);

#endif
