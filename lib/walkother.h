/* SPDX-License-Identifier: ISC */
/* What the walk's part for documents of unknown kind shares with the rest. */
#ifndef LIB_WALKOTHER_H
#define LIB_WALKOTHER_H

#include <stdbool.h>

#include "lib/walk.h"

/*
 * Visit a descriptor that lies in depth indexes, and go on to what it names:
 * whether the caller took it.
 */
bool walk_add(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent, int depth);

/*
 * Whether a digest was met as what the letter c stands for; and the same of one
 * that is met from here on.
 */
bool walk_seen(struct walk *w, char c, const char *digest);
bool walk_first(struct walk *w, char c, const char *digest);

/* Go on to what a document of kind WALK_OTHER names. */
void walk_other(struct walk *w, const struct descriptor *d, int depth);

#endif
