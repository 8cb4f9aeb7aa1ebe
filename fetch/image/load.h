/* SPDX-License-Identifier: ISC */
/* manifest.json: what docker load wants in an archive (oci-stream(5)). */
#ifndef FETCH_IMAGE_LOAD_H
#define FETCH_IMAGE_LOAD_H

struct descriptor;
struct manifest;

/* The text for an image, which index.json names, of one manifest; owned. */
char *load_json(const struct descriptor *image, const struct manifest *m);

#endif
