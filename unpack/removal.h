/* SPDX-License-Identifier: ISC */
/* Taking away what is at a name, with all that is in it. */
#ifndef UNPACK_REMOVAL_H
#define UNPACK_REMOVAL_H

/*
 * Remove name from the directory dir: no link is followed, depth and number
 * don't matter.  removal dies on failure, the other returns -1 with errno.
 */
void removal(int dir, const char *name);
int removal_try(int dir, const char *name);

#endif
