/* SPDX-License-Identifier: ISC */
/*
 * Blobs of a layout that have come in part: files .partial/ALGORITHM-DIGITS,
 * each with the first bytes of one, oci-layout(5).  Who writes to such a file,
 * renames it or removes it has an exclusive flock(2) on it.
 */
#ifndef LIB_PARTIAL_H
#define LIB_PARTIAL_H

#include <stdbool.h>

#include "lib/digest.h"

#define PARTIAL_DIRECTORY ".partial"

/* The file's name there: that of a blob, and whether a name is one. */
void partial_name(const char *digest, char name[DIGEST_MAX]);
bool partial_is_name(const char *name);

/*
 * Open a regular file of the directory, by flags of open(2), and lock it: -1
 * with EWOULDBLOCK when another process has it, with EINVAL when it is none of
 * this user's that has this name alone, else with errno.
 */
int partial_open(int dir, const char *name, int flags);

#endif
