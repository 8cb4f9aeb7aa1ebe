/* SPDX-License-Identifier: ISC */
/* How an image of a layout is named on a command line. */
#ifndef LIB_IMAGE_H
#define LIB_IMAGE_H

#include "lib/descriptor.h"

struct image { /* DIR[:TAG] or DIR[@DIGEST] */
	char *dir;
	char *tag;    /* NULL: not said */
	char *digest; /* valid; NULL: not said */
};

/*
 * The tag begins after the last ':' that has no '/' behind it, so "a:b/" is
 * the directory a:b.  Dies with the status of wrong usage.
 */
void image_parse(const char *text, struct image *image);
void image_free(struct image *image);

/*
 * The manifest that image names in the layout that layout_open gave, for a
 * platform where an index stands between (NULL: this machine's).  Without a
 * tag the layout must hold one image only.  A tag also finds a name that ends
 * in :TAG, as podman and docker write them.  Dies when there is none.
 */
void image_resolve(int layout, const struct image *image,
    const struct platform *want, struct descriptor *manifest);

#endif
