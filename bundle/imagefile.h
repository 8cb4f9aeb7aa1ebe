/* SPDX-License-Identifier: ISC */
/* Files inside the image's root file system, which its maker chose. */
#ifndef BUNDLE_IMAGEFILE_H
#define BUNDLE_IMAGEFILE_H

#include <stddef.h>

/*
 * A regular file of at most max bytes without NUL, NUL-terminated and owned;
 * NULL when there is none.  Dies when it is something else or lies on another
 * file system: nothing that could block or have an effect is opened for
 * reading.
 */
char *imagefile_slurp(int root, const char *path, size_t max);

/*
 * Where path leads inside the root when every link that is there is followed;
 * what isn't there yet is taken as it is written.  Absolute, owned, without
 * "." and ".." and a last '/'.  Dies after too many links.
 */
char *imagefile_resolve(int root, const char *path);

#endif
