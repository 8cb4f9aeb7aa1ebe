/* SPDX-License-Identifier: ISC */
/* Masked and read-only paths (config-linux.md). */
#ifndef RUN_MASK_H
#define RUN_MASK_H

struct spec;

/*
 * Hide linux.maskedPaths and protect linux.readonlyPaths below the directory
 * root; those that aren't there are passed over.  Dies.
 */
void masks_make(const struct spec *spec, int root);

#endif
