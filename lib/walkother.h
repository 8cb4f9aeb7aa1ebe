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

/* What a digest was met as: a document of a kind, by 1 << its number, or */
#define WALK_SEEN_BARE (1 << 8) /* a digest that stands by itself */

/* Whether a digest wasn't met as that; it is from here on. */
bool walk_first(struct walk *w, const char *digest, int64_t as);

/* Go on to what a document of kind WALK_OTHER names. */
void walk_other(struct walk *w, const struct descriptor *d, int depth);

#endif
