/* SPDX-License-Identifier: ISC */
/* How an image of a layout is named on a command line. */
#ifndef LIB_IMAGE_H
#define LIB_IMAGE_H

#include <stdbool.h>

#include "lib/descriptor.h"

struct index;

struct image { /* DIR[:NAME] or DIR[@DIGEST] */
	char *dir;
	char *tag;    /* NULL: not said */
	char *digest; /* valid; NULL: not said */
};

/*
 * A name may hold colons and slashes: DIR ends at the first colon before which
 * a layout stands, else at the last.  What is a layout as it stands, or lies in
 * a directory that has the colon in its name, is all DIR.  A slash at the end
 * of DIR, as no name has one, says for certain that it ends there. Dies with
 * the status of wrong usage.
 */
void image_parse(const char *text, struct image *image);
void image_free(struct image *image);

/*
 * Die of a layout that isn't there, saying so if it is the name of an image
 * where DIR should be, or else how images come there.
 */
_Noreturn void image_refuse(const char *dir);

/*
 * All in x that a name of index.json means: those that have it, else those that
 * containerd calls so, else those whose names end in ":NAME".  NULL: all, but
 * artifacts only where there is nothing else.  any: also what is no image.
 * found borrows them; free found->manifests.
 */
void image_named(
    const struct index *x, const char *name, bool any, struct index *found);

/* Whether d may be found so by a name, or NULL: what layout_index is asked. */
bool image_may_be(const void *name, const struct descriptor *d);

/*
 * Die, with a list of what could be said, unless the images found are one, if
 * perhaps for several platforms.
 */
void image_check_one(const struct image *image, const struct index *found);

/*
 * The manifest that image names in the layout that layout_open gave, for a
 * platform (NULL: this machine's).  Where no index has a say, an image for
 * another platform is an error if one was asked for, else a warning.  Without
 * a name the layout must hold one image only.  A name also finds a longer one
 * that ends in :NAME, as podman and docker write them.  Dies when there is
 * none.
 */
void image_resolve(int layout, const struct image *image,
    const struct platform *want, struct descriptor *manifest);

#endif
