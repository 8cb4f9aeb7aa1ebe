/* SPDX-License-Identifier: ISC */
/*
 * One entry of a layer becomes a file, a link, a device, a directory.  What is
 * at its name goes first: it is never written to, since it may have other
 * names.  All of these die when it can't be done.
 */
#ifndef UNPACK_TREE_MAKE_H
#define UNPACK_TREE_MAKE_H

struct place;
struct tar_entry;
struct tar_reader;
struct tree;

void make_file(struct tree *t, const struct place *p, const struct tar_entry *e,
    struct tar_reader *data);
void make_symlink(
    struct tree *t, const struct place *p, const struct tar_entry *e);
void make_device(
    struct tree *t, const struct place *p, const struct tar_entry *e);
void make_directory(
    struct tree *t, const struct place *p, const struct tar_entry *e);

/* A further name of target, be that a symbolic link. */
void make_link(
    struct tree *t, const struct place *p, const struct place *target);

/* The same where its directory is elsewhere: dir; -1: there is none. */
void make_link_in(
    struct tree *t, const struct place *p, const struct place *target, int dir);

#endif
