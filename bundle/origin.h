/* SPDX-License-Identifier: ISC */
/* What a bundle is made of: an image, of which there may be none. */
#ifndef BUNDLE_ORIGIN_H
#define BUNDLE_ORIGIN_H

#include "bundle/imageconfig.h"
#include "lib/image.h"

struct options;

struct origin {
	struct image image; /* as the user names it */
	char *digest;       /* of its manifest; NULL: there is none */
	char *kept;         /* what the record of rootfs says of it */
	struct image_config config;
};

/*
 * Find the image's manifest and read its configuration.  Dies, also where the
 * image is not for Linux.
 */
void origin_read(const struct options *o, struct origin *from);

/* What stands for an image's word where there is none. */
void origin_none(const struct options *o, struct origin *from);

/* The image's own platform as an option has it, owned; NULL when none could. */
char *origin_platform(const struct origin *from);

#endif
