/* SPDX-License-Identifier: ISC */
/*
 * What writers that died left in a layout: staging directories of
 * oci-layout-write, temporary files of skopeo, directories of umoci, parts of
 * blobs that oci-fetch --cache would go on with.
 */
#ifndef LAYOUT_INVENTORY_LEFTOVER_H
#define LAYOUT_INVENTORY_LEFTOVER_H

#include <stdbool.h>
#include <time.h>

#include "layout/inventory/finding.h"

/*
 * Find them, and remove them where remove says so.  What is locked is in use;
 * what has no lock is left over after an hour.
 */
void leftovers_find(struct findings *f, int layout, bool remove);

/*
 * Remove the parts of blobs that are older than that time, and that no process
 * has locked.
 */
void leftovers_parts(int layout, time_t before);

#endif
