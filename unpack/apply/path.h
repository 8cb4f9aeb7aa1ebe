/* SPDX-License-Identifier: ISC */
/*
 * Names as archives have them, and paths: components with a '/' between them,
 * "" for the root.
 */
#ifndef UNPACK_APPLY_PATH_H
#define UNPACK_APPLY_PATH_H

#include <limits.h>

/*
 * A name as a path, without "." and without needless slashes.  Dies when it
 * has ".." or is too long.
 */
void path_of(const char *name, char path[PATH_MAX]);

/* The same in two: its directory, and the last component, which path keeps. */
const char *path_split(
    const char *name, char dir[PATH_MAX], char path[PATH_MAX]);

/* Join into a buffer of PATH_MAX, which may be dir; dies when it's too long. */
void path_join(char path[PATH_MAX], const char *dir, const char *name);

#endif
