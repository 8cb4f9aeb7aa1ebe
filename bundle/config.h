/* SPDX-License-Identifier: ISC */
/* A bundle's config.json (runtime-spec config.md, config-linux.md). */
#ifndef BUNDLE_CONFIG_H
#define BUNDLE_CONFIG_H

#include <stdbool.h>

struct cJSON;
struct idmap;
struct image_config;
struct options;

/*
 * All of it, for an image whose manifest has the digest (NULL: there is none)
 * and whose root file system is the directory root; ids has a map when it is
 * rootless.  Dies when the image or the options ask for what can't be.  root is
 * -1 where there is none yet: then what can be known without it is checked,
 * and the result is good for nothing else.
 */
struct cJSON *config_make(const struct options *o,
    const struct image_config *image, const char *manifest_digest,
    const struct idmap *ids, int root);

/* Whether the directory has a config.json with the same bytes. */
bool config_is(int bundle, const struct cJSON *config);

/*
 * Replace config.json in the directory in one step, and remove what a killed
 * program left of another.  The directory is locked by the caller.
 */
void config_write(int bundle, const struct cJSON *config);

#endif
