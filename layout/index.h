/* SPDX-License-Identifier: ISC */
/*
 * index.json: the images that a stream brings, and their merge with those
 * that the layout has.  Descriptors stay JSON here, so that members which
 * this program doesn't know are kept.
 */
#ifndef LAYOUT_INDEX_H
#define LAYOUT_INDEX_H

struct cJSON;
struct store;

/*
 * The array of the descriptors in a stream's index.json, which index_parse
 * has accepted, each with the name that it will have: tag (NULL: that of the
 * stream) if it is one image.  Dies of names that are none.
 */
struct cJSON *index_images(const char *text, const char *tag);

/* The name of a descriptor, borrowed; NULL when it has none. */
const char *index_name(const struct cJSON *descriptor);

/*
 * Stage the index.json that has the layout's images, without those whose
 * names are among the new, and then the new.  The layout is locked.
 */
void index_stage(const struct store *s, const struct cJSON *images);

#endif
