/* SPDX-License-Identifier: ISC */
/*
 * Names of images in a layout: org.opencontainers.image.ref.name, and the
 * files refs/TAG of layouts before 1.0.
 */
#ifndef LAYOUT_INDEX_REFS_H
#define LAYOUT_INDEX_REFS_H

#include <stdbool.h>

struct cJSON;
struct store;

/*
 * Whether s may name an image: letters, digits and -._:@/+ in components that
 * begin with a letter, a digit or _, 512 bytes at most.  All names of
 * image-spec annotations.md are, and all tags of the distribution-spec.
 */
bool ref_valid(const char *s);

/* Whether it may name a file in refs/ as well: none of :@/+, 255 bytes. */
bool ref_is_file(const char *s);

/*
 * Write each image's descriptor to refs/NAME: whether or not the file is there
 * (all), or only in place of one.  The layout is locked.
 */
void refs_write(const struct store *s, const struct cJSON *images, bool all);

/* Remove refs/NAME, where there is one.  The layout is locked. */
void refs_remove(const struct store *s, const char *name);

#endif
