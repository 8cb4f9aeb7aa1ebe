/* SPDX-License-Identifier: ISC */
/*
 * A directory for what one run writes before it publishes it: where no
 * other program looks at the time, which make(1) goes by.  Of a layout that is
 * there it is DIR/blobs/.write-XXXXXXXXXXXX, of one that isn't
 * .DIR.write-XXXXXXXXXXXX beside it.  Its mode is 0700, and a flock(2) lasts as
 * long as its writer.  It is removed by exit at the latest, or by a signal that
 * can be caught; what is left of dead ones is removed by the same user's
 * next run.  Where it is made others may write too: a directory that
 * this user hasn't made is neither written to nor removed.
 */
#ifndef LAYOUT_STORE_STAGING_H
#define LAYOUT_STORE_STAGING_H

#include <limits.h>
#include <stdbool.h>
#include <time.h>

struct stat;

struct staging {
	int fd;  /* of the directory; -1: there is none */
	int dir; /* of the one that it is in */
	char name[NAME_MAX + 1];
	const char *path;         /* of the layout, for messages */
	int layout;               /* in which blobs/ was made for it, else -1 */
	struct timespec times[2]; /* of the layout before that */
};

/*
 * Whether a name is that of a staging directory: in blobs/ (layout NULL), or
 * beside the layout that is to have the name layout.
 */
bool staging_is_name(const char *name, const char *layout);

/* Remove those in dir whose writers are gone. */
void staging_clean(int dir, const char *layout);

/*
 * Make one in dir, which stays open.  s, with fd and layout -1 and path, is the
 * caller's; a pointer to it is kept until staging_remove, for an earlier end
 * of the process, and a process has one at a time.  False when it was removed
 * at once, or dir has gone: to be tried again.
 */
bool staging_make(struct staging *s, int dir, const char *layout);
void staging_remove(struct staging *s);

/*
 * The layout had no blobs/ before this process: it is removed with the staging
 * directory while it is empty, and the layout's times are then what they were.
 */
void staging_made_blobs(
    struct staging *s, int layout, const struct stat *before);

/* From now on blobs/ stays. */
void staging_publishes(struct staging *s);

#endif
