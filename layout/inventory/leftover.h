/* SPDX-License-Identifier: ISC */
/*
 * What writers that died left in a layout: staging directories of
 * oci-layout-write, temporary files of skopeo, directories of umoci.
 */
#ifndef LAYOUT_INVENTORY_LEFTOVER_H
#define LAYOUT_INVENTORY_LEFTOVER_H

#include <stdbool.h>

#include "layout/inventory/finding.h"

/*
 * Find them, and remove them where remove says so.  What is locked is in use;
 * what has no lock is left over after an hour.
 */
void leftovers_find(struct findings *f, int layout, bool remove);

#endif
