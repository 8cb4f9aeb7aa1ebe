/* SPDX-License-Identifier: ISC */
/* Which manifest of an index is for a platform (image-spec image-index.md). */
#ifndef FETCH_IMAGE_CHOICE_H
#define FETCH_IMAGE_CHOICE_H

#include <stdbool.h>

struct document;
struct platform;
struct registry;

/*
 * Replace an index by the manifest for the platform, through indexes in it.
 * named: the user said which platform, so where no index says what the image
 * is for, its config must.  Dies when there is none.
 */
void choice_make(struct registry *r, const struct platform *want, bool named,
    struct document *d);

#endif
