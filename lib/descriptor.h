/* SPDX-License-Identifier: ISC */
/* Content descriptors (image-spec descriptor.md). */
#ifndef LIB_DESCRIPTOR_H
#define LIB_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/platform.h"

struct cJSON;

struct descriptor {
	char *media_type;         /* "" when absent */
	char *digest;             /* valid: digest_valid */
	int64_t size;             /* bytes, 0 or more */
	struct platform platform; /* of an index's manifests */
	char *ref_name;   /* org.opencontainers.image.ref.name, or NULL */
	char *image_name; /* io.containerd.image.name, or NULL */
};

/* What a media type is, OCI's and Docker's names alike. */
bool media_type_is_index(const char *media_type);
bool media_type_is_manifest(const char *media_type);

/* From JSON: 0, or -1 with a reason and *d as it was. */
int descriptor_parse(
    const struct cJSON *json, struct descriptor *d, const char **why);

/* To JSON: mediaType, digest, size, then platform and annotations if any. */
struct cJSON *descriptor_json(const struct descriptor *d);

void descriptor_copy(struct descriptor *to, const struct descriptor *from);
void descriptor_free(struct descriptor *d);

#endif
