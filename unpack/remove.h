/* SPDX-License-Identifier: ISC */
/* Root file systems that are not wanted any more. */
#ifndef UNPACK_REMOVE_H
#define UNPACK_REMOVE_H

#include <stddef.h>

#include "unpack/rootless.h"

/*
 * Remove n directories with all that is in them, as who may remove files of
 * the owners that they were unpacked with.  One that isn't there is no error.
 * Dies.
 */
void remove_all(char *const *paths, size_t n, enum rootless mode);

#endif
