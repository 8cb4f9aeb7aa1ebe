/* SPDX-License-Identifier: ISC */
/*
 * Owners, modes, times and attributes of directories.  They are given at the
 * very end: until then each is 0700 and this process's, so that files can be
 * made in it, nothing in it inherits a group or an ACL, and making them
 * doesn't show in its times.
 */
#ifndef UNPACK_DIRECTORY_H
#define UNPACK_DIRECTORY_H

struct tar_entry;
struct tree;

/* Note what an entry says; it replaces what was said of path before. */
void directory_entry(
    struct tree *t, const char *path, const struct tar_entry *e);

/* One that no entry speaks of: mode 0755, the root's or the caller's. */
void directory_implied(struct tree *t, const char *path);

/* Give all of them what was noted, those inside others first. */
void directory_finish(struct tree *t);

#endif
