/* SPDX-License-Identifier: ISC */
/* What is about an image, to be taken along with it. */
#ifndef FETCH_IMAGE_ABOUT_H
#define FETCH_IMAGE_ABOUT_H

struct plan;
struct registry;

/*
 * Add to a plan what refers to its manifests and indexes, and what refers to
 * that in its turn; of an artifactType, or all (NULL).
 */
void about_add(struct registry *r, struct plan *plan, const char *type);

#endif
