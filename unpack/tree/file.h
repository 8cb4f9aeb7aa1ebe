/* SPDX-License-Identifier: ISC */
/* Regular files of the tree.  All of these die when it can't be done. */
#ifndef UNPACK_TREE_FILE_H
#define UNPACK_TREE_FILE_H

#include <sys/types.h>

struct place;
struct tar_entry;
struct tar_reader;
struct tree;

/* Take away what is there, if anything is. */
void place_vacate(struct tree *t, const struct place *p);

/* The same after a call that said EEXIST; dies of any other errno. */
void place_clear(struct tree *t, const struct place *p);

/* An empty file in its place, for reading and writing: what was there goes. */
int file_create(
    struct tree *t, const struct place *p, const struct tar_entry *e);

/* One that gets no name, or -1 with errno: not every file system has them. */
int file_nameless(
    const struct tree *t, const struct place *p, const struct tar_entry *e);

/* Some of an entry's data, in *run up to the next call; 0: that was all. */
ssize_t file_data(
    struct tar_reader *tar, const struct place *p, const unsigned char **run);

/* All of the data, with the holes of a sparse file. */
void file_write(int fd, const struct place *p, const struct tar_entry *e,
    struct tar_reader *tar);

/* Owner, mode, extended attributes and times: when the data is there. */
void file_finish(
    struct tree *t, int fd, const struct place *p, const struct tar_entry *e);

#endif
