/* SPDX-License-Identifier: ISC */
/*
 * A root file system that is an overlay mount: of layers that images share, and
 * of a directory of the bundle's own for what is written.  The bundle's rootfs
 * has "layers", a link to each by its number, the topmost first, "upper",
 * "work", "empty", and "root", where it is mounted.  Where nothing is to be
 * written the mount has no upper directory: "upper" is its topmost layer.
 */
#ifndef BUNDLE_OVERLAY_H
#define BUNDLE_OVERLAY_H

#include <stdbool.h>

/* Where config.json finds it, in the bundle. */
#define OVERLAY_ROOT "rootfs/root"

/*
 * Make rootfs in a directory, of layers in the directory store, by their
 * names, a line each.  A descriptor of rootfs; dies.
 */
int overlay_make(int dir, const char *store, const char *names);

/*
 * Die when a bundle or its rootfs, path in the message, is another user's or
 * others may write there.
 */
void overlay_trust(int fd, const char *path);

/*
 * What is mounted in rootfs, in this mount namespace; -1: nothing.  Dies, also
 * when that is no overlay mount.
 */
int overlay_mounted(int rootfs);

/* Whether a mount is one that nothing can be written to. */
bool overlay_read_only(int mount);

/*
 * A mount that isn't attached to anything, and goes with its descriptor.  The
 * directory store says which extended attributes it goes by (oci-layers(5),
 * "Shared layers"), and the names which layers it has: the links have to lead
 * to these.  Dies.
 */
int overlay_mount(
    int rootfs, const char *store, const char *names, bool read_only);

/* Attach it where it belongs.  Dies. */
void overlay_attach(int mount, int rootfs);

/*
 * Detach all that is mounted in the rootfs of that name, if it is one of these.
 */
void overlay_detach(int dir, const char *name);

#endif
