/* SPDX-License-Identifier: ISC */
/* Image configurations (image-spec config.md; Docker's are the same). */
#ifndef BUNDLE_IMAGECONFIG_H
#define BUNDLE_IMAGECONFIG_H

#include <stddef.h>

struct cJSON;

/*
 * What a bundle needs of one.  All is borrowed from doc; NULL stands for what
 * is absent, null or empty, as os and architecture may be too.
 */
struct image_config {
	struct cJSON *doc;
	const char *os, *architecture, *variant, *os_version;
	const char *author, *created;
	const char *user, *workdir, *stop_signal;
	const struct cJSON *os_features, *env, *entrypoint, *cmd; /* strings */
	const struct cJSON *labels;          /* an object of strings */
	const struct cJSON *volumes, *ports; /* objects whose names count */
};

/* 0, or -1 with a reason, which names the property. */
int image_config_parse(
    const char *text, size_t len, struct image_config *c, const char **why);
void image_config_free(struct image_config *c);

#endif
