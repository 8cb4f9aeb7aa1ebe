/* SPDX-License-Identifier: ISC */
/* Masked and read-only paths (config-linux.md). */
#ifndef RUN_ROOTFS_MASK_H
#define RUN_ROOTFS_MASK_H

struct root;
struct spec;

/*
 * Hide linux.maskedPaths and protect linux.readonlyPaths below the root;
 * those that aren't there are passed over.  Dies.
 */
void masks_make(const struct spec *spec, const struct root *root);

#endif
