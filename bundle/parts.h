/* SPDX-License-Identifier: ISC */
/*
 * What takes its place in a bundle that is there: rootfs and config.json, both
 * or neither.
 */
#ifndef BUNDLE_PARTS_H
#define BUNDLE_PARTS_H

#include <stdbool.h>

/*
 * Move both from the directory work to bundle; with old there is a rootfs,
 * which is in work afterwards, as rootfs or old.  0; else with errno, and the
 * name of what couldn't be moved: -1 when all is where it was, -2 when that
 * couldn't be had either.
 */
int parts_move(int work, int bundle, bool old, const char **what);

#endif
