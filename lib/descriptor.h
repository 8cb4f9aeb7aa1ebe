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
	bool is_artifact; /* its artifactType isn't that of an image */
	char *json;       /* all of it as it came; NULL: it came from nowhere */
};

/* What a media type is, OCI's and Docker's names alike. */
bool media_type_is_index(const char *media_type);
bool media_type_is_manifest(const char *media_type);

/* "application/vnd.example.v1+json; charset=utf-8", "application/json" */
bool media_type_is_json(const char *media_type);

/* Whether it is that of a layer that only its owner may give away. */
bool media_type_is_restricted(const char *media_type);

/* Whether it is that of a container's configuration. */
bool media_type_is_config(const char *media_type);

/*
 * Whether a name of org.opencontainers.image.ref.name names something: it
 * isn't NULL, empty, or a digest behind an '@'.
 */
bool ref_name_says(const char *name);

/*
 * Whether JSON is a descriptor whose digest is of an algorithm that isn't
 * known here: nothing can be done with it but to keep it.
 */
bool descriptor_is_foreign(const struct cJSON *json);

/*
 * From JSON: 0, or -1 with a reason and *d as it was.  Empty strings say
 * nothing.
 */
int descriptor_parse(
    const struct cJSON *json, struct descriptor *d, const char **why);

/*
 * To JSON: what came as it came, to the digit, with the two names of *d.
 * Otherwise mediaType, digest, size, then platform and annotations if any.
 */
struct cJSON *descriptor_json(const struct descriptor *d);

/* Copy all of one: to owns what it gets, and lets go of nothing. */
void descriptor_copy(struct descriptor *to, const struct descriptor *from);
void descriptor_free(struct descriptor *d);

/*
 * The sum of bytes that descriptors name, which need not be there: INT64_MAX
 * when it would be more.
 */
int64_t size_sum(int64_t sum, int64_t size);

#endif
