/* SPDX-License-Identifier: ISC */
/*
 * A directory for what one run writes before it publishes it: where no
 * other program looks at the time, which make(1) goes by.  Of a layout that is
 * there it is DIR/blobs/.write-XXXXXXXXXXXX, of one that isn't
 * .DIR.write-XXXXXXXXXXXX beside it.  Its mode is 0700, and a flock(2) lasts as
 * long as its writer.  The end of the process removes it, by exit or by a
 * signal that can be caught; what is left of dead ones is removed by the same
 * user's next run.  Where it is made others may write too: a directory that
 * this user hasn't made is neither written to nor removed.
 */
#ifndef LAYOUT_STAGING_H
#define LAYOUT_STAGING_H

#include <stdbool.h>

struct stat;

/*
 * Whether a name is that of a staging directory: in blobs/ (layout NULL), or
 * beside the layout that is to have the name layout.
 */
bool staging_is_name(const char *name, const char *layout);

/* Remove those in dir whose writers are gone. */
void staging_clean(int dir, const char *layout);

/*
 * Make this process's in dir, which stays open, and have it removed at its
 * end.  Returns a descriptor; -1 when it was removed at once, or dir has gone:
 * to be tried again.
 */
int staging_make(int dir, const char *layout);

/*
 * The layout had no blobs/ before this process: it is removed with the staging
 * directory while it is empty, and the layout's times are then what they were.
 */
void staging_made_blobs(int layout, const struct stat *before);

/* From now on blobs/ stays. */
void staging_publishes(void);

#endif
