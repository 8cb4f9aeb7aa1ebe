/* SPDX-License-Identifier: ISC */
/* Which manifests of an index are for a platform (image-spec image-index.md).
 */
#ifndef FETCH_IMAGE_CHOICE_H
#define FETCH_IMAGE_CHOICE_H

struct document;
struct platforms;
struct registry;

/*
 * Replace an index by the manifest for the platform, through indexes in it;
 * or for several platforms by an index that names those manifests alone, in
 * its own order.  Named none, this machine's is meant.  Where the user has
 * named one and no index says what the image is for, its config must.  Dies
 * when there is none.
 */
void choice_make(
    struct registry *r, const struct platforms *named, struct document *d);

#endif
