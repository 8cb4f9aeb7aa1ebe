/* SPDX-License-Identifier: ISC */
/* A file without a name, for what has to wait; it ends with its process. */
#ifndef LIB_SCRATCH_H
#define LIB_SCRATCH_H

/* The directory for such files: $TMPDIR, or other where that isn't set. */
const char *scratch_dir(const char *other);

/*
 * An empty one in the file system of dir, to be read and written, mode 0600;
 * or -1 with errno.
 */
int scratch_open(const char *dir);

#endif
