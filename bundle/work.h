/* SPDX-License-Identifier: ISC */
/*
 * The directory that a bundle's parts lie in until they are whole.  What is in
 * it when a run begins is what a killed one has left.
 */
#ifndef BUNDLE_WORK_H
#define BUNDLE_WORK_H

#include <stdbool.h>

struct work {
	const char *of;       /* the bundle's path, for messages */
	const char *rootless; /* oci-unpack's option, to remove what it made */
	int fd;               /* -1: not needed so far */
	int in;               /* where it is, and its name there */
	char *name, *path;
};

/* Whether something has that name in a directory. */
bool is_there(int dir, const char *name);

/*
 * Open it, made with mode 0700 where it isn't there: false when it has gone
 * again.  Dies when it is another user's, or others may write there.
 */
bool work_open(struct work *w);

/* Remove what is in it; and itself, and close it: with a warning at most. */
void work_empty(const struct work *w);
void work_remove(struct work *w);

#endif
