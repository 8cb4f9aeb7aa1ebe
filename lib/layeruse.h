/* SPDX-License-Identifier: ISC */
/*
 * Who uses which of the layers that images share: in their directory,
 * LAYERS_USED/ALGORITHM-DIGITS is an empty file of which each bundle with that
 * layer has a hard link.  It goes with the bundle, wherever that is by then.
 * A bundle in another file system, which can have no link, has the file named
 * with LAYERS_PINNED behind it: that layer is never taken for unused.
 *
 * Whoever unpacks or makes a bundle holds a shared flock(2) on LAYERS_LOCK from
 * before a layer is looked for to when the link is there, and who removes
 * layers an exclusive one.
 */
#ifndef LIB_LAYERUSE_H
#define LIB_LAYERUSE_H

#define LAYERS_ABOUT "layers.json" /* by which a directory of them is known */
#define LAYERS_LOCK ".lock"
#define LAYERS_USED "used"
#define LAYERS_PINNED ".pinned"

/*
 * A descriptor that has the lock, until it is closed, of the directory of
 * layers; path is its name in messages.  Dies.
 */
int layeruse_lock(int layers, const char *path, int exclusive);

/* The name of a layer's file, of its own, ALGORITHM/DIGITS; owned. */
char *layeruse_name(const char *layer, const char *behind);

#endif
