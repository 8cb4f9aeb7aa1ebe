/* SPDX-License-Identifier: ISC */
/* Where a layer waits for its turn: a file without a name. */
#ifndef FETCH_IMAGE_SPOOL_H
#define FETCH_IMAGE_SPOOL_H

/*
 * An unnamed file in $TMPDIR, or /var/tmp, that is gone when it is closed,
 * however this process ends.  Dies when there can be none.
 */
int spool_open(void);

#endif
