/* SPDX-License-Identifier: ISC */
/* The array mounts of config.json. */
#ifndef BUNDLE_MOUNTS_H
#define BUNDLE_MOUNTS_H

struct cJSON;
struct idmap;
struct image_config;
struct options;

/*
 * The file systems that every Linux container has (config-linux.md, "Default
 * Filesystems"), the image's volumes, what the host's network needs, and what
 * the user wants, each taking the place of what was at the same destination.
 */
struct cJSON *mounts_make(const struct options *o,
    const struct image_config *image, const struct idmap *ids, int root);

#endif
