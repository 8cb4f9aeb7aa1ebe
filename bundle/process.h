/* SPDX-License-Identifier: ISC */
/* The object process of config.json. */
#ifndef BUNDLE_PROCESS_H
#define BUNDLE_PROCESS_H

struct cJSON;
struct idmap;
struct image_config;
struct options;

/*
 * What runs, as whom and where: the image's word, and the user's over it
 * (image-spec conversion.md, "Verbatim Fields", "Parsed Fields").  Dies when
 * there is nothing to run, or nobody to run it.
 */
struct cJSON *process_make(const struct options *o,
    const struct image_config *image, const struct idmap *ids, int root);

#endif
