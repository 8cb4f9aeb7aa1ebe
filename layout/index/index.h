/* SPDX-License-Identifier: ISC */
/*
 * index.json: the images that archives bring, and their merge with those that
 * the layout has.  Descriptors stay JSON here, so that members which this
 * program doesn't know are kept, to the digit.
 */
#ifndef LAYOUT_INDEX_INDEX_H
#define LAYOUT_INDEX_INDEX_H

#include <stdbool.h>
#include <stddef.h>

struct cJSON;
struct store;

/*
 * Append the descriptors of an archive's index.json to the array images.
 * Dies when it is none.
 */
void images_add(struct cJSON *images, const char *text, size_t len);

/*
 * Give each image its name in the layout: tag, if there is one image, or with
 * NULL what its descriptor says.  Dies when a name is invalid, and when two
 * images would have the same.
 */
void images_name(struct cJSON *images, const char *tag);

/* Print each image's descriptor, one on a line. */
void images_print(const struct cJSON *images);

/*
 * Stage the index.json that has the layout's images, with the new ones in the
 * places of those whose names they have, or else last.  False, and nothing is
 * staged, when the layout's says the same.  The layout is locked.
 */
bool index_stage(const struct store *s, const struct cJSON *images);

/*
 * Stage the index.json without the n names, and the images that have them; a
 * digest stands for the images without a name that are of it.  Dies when one of
 * them is no image's.  The layout is locked.
 */
void index_stage_without(
    const struct store *s, const char *const *names, size_t n);

/*
 * Put the index.json that is staged (none is when staged is false) in the place
 * of the layout's, and bring the layout's directory to the disk.
 */
void index_publish(const struct store *s, bool staged);

#endif
