/* SPDX-License-Identifier: ISC */
/* The object annotations of config.json. */
#ifndef BUNDLE_ANNOTATIONS_H
#define BUNDLE_ANNOTATIONS_H

struct cJSON;
struct image_config;

/* Which image the bundle is of: the digest of its manifest. */
#define ANNOTATION_MANIFEST "oci-mkbundle.manifest"

/*
 * What the configuration says of itself (image-spec conversion.md,
 * "Annotation Fields"), the image's labels over it, and the user's over them.
 */
struct cJSON *annotations_make(const struct image_config *image,
    const char *manifest_digest, const struct cJSON *wanted);

#endif
