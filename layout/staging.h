/* SPDX-License-Identifier: ISC */
/*
 * A directory in the layout for what one run writes before it publishes it:
 * DIR/.write-XXXXXXXXXXXX, of mode 0700, with a flock(2) that lasts as long
 * as its writer.  The end of the process removes it, by exit or by a signal
 * that can be caught; what is left of dead ones is removed by the same user's
 * next run.  The layout may be another user's: a directory that this user
 * hasn't made is neither written to nor removed.
 */
#ifndef LAYOUT_STAGING_H
#define LAYOUT_STAGING_H

#include <stdbool.h>

/* Whether a name in the layout is that of a staging directory. */
bool staging_is_name(const char *name);

/* Remove those whose writers are gone.  The layout is locked. */
void staging_clean(int layout);

/*
 * Make this process's, and have it removed at its end, and the layout too if
 * that is empty then and was made: as made in the directory parent (NULL: it
 * was there).  Both descriptors stay open.  The layout is locked.  Returns a
 * descriptor; -1 when the layout itself has gone meanwhile.
 */
int staging_make(int layout, int parent, const char *made);

#endif
