/* SPDX-License-Identifier: ISC */
/*
 * Taking away what is at a name, with all that is in it.  No link is followed,
 * no mount is entered, depth and number don't matter; who moves things about
 * in there meanwhile makes it fail, and reaches nothing outside.
 */
#ifndef UNPACK_TREE_REMOVAL_H
#define UNPACK_TREE_REMOVAL_H

/* Remove name from the directory dir: 0, or -1 with errno. */
int removal(int dir, const char *name);

/* All that is in a directory, which is open for reading and stays. */
int removal_empty(int fd);

#endif
