/* SPDX-License-Identifier: ISC */
/* Directories that images share something in, which they have to trust. */
#ifndef UNPACK_SHARED_H
#define UNPACK_SHARED_H

/*
 * Open one, or make it with mode 0700: before a user namespace hides the
 * owners.  Dies when it is another user's, or others may write there.
 */
int shared_open(const char *path);

/* The same where it has to be there. */
int shared_there(const char *path);

#endif
