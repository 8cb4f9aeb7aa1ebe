/* SPDX-License-Identifier: ISC */
/*
 * Owners, modes, times and attributes of directories.  They are given at the
 * very end: until then each is 0700 and this process's, so that files can be
 * made in it, nothing in it inherits a group or an ACL, and making them
 * doesn't show in its times.
 */
#ifndef UNPACK_TREE_DIRMETA_H
#define UNPACK_TREE_DIRMETA_H

struct name;
struct tar_entry;
struct tree;

/* The directory name in parent, which was noted before; else it is implied. */
struct name *dirmeta_at(struct tree *t, struct name *parent, const char *name);

/*
 * Note what an entry says of the directory name in parent, or of the root when
 * parent is NULL; it replaces what was said before.
 */
struct name *dirmeta_entry(struct tree *t, struct name *parent,
    const char *name, const struct tar_entry *e);

/* One that no entry speaks of: mode 0755, the root's or the caller's. */
struct name *dirmeta_implied(
    struct tree *t, struct name *parent, const char *name);

/* Give each directory what was noted of it, the innermost first. */
void dirmeta_finish(struct tree *t);

#endif
