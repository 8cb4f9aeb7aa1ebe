/* SPDX-License-Identifier: ISC */
/*
 * The names of an image, in the annotations of its descriptor: the one in the
 * layout (image-spec annotations.md), and containerd's, with the registry.
 */
#ifndef LAYOUT_INDEX_NAME_H
#define LAYOUT_INDEX_NAME_H

struct cJSON;

/* The name in the layout, borrowed; NULL when it has none. */
const char *name_get(const struct cJSON *image);

/*
 * Give an image a name (NULL: none); containerd's goes if it says another tag.
 */
void name_set(struct cJSON *image, const char *name);

/* docker.io/library/busybox:latest, borrowed; NULL when there is none. */
const char *name_full(const struct cJSON *image);

/* The tag at the end of that; NULL: none. */
const char *name_tag(const char *full);

#endif
