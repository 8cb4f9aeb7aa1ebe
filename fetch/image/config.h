/* SPDX-License-Identifier: ISC */
/* What an image's config says that it runs on (image-spec config.md). */
#ifndef FETCH_IMAGE_CONFIG_H
#define FETCH_IMAGE_CONFIG_H

struct descriptor;
struct document;
struct platform;
struct registry;

/*
 * The platform in the config of the manifest that a descriptor names; none of
 * what isn't an image.
 */
void config_platform_of(
    struct registry *r, const struct descriptor *desc, struct platform *have);

/*
 * A platform that was asked for by name is not to be answered by another: dies
 * unless the manifest's config says that it runs there.
 */
void config_check(
    struct registry *r, const struct platform *want, const struct document *d);

#endif
