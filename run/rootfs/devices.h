/* SPDX-License-Identifier: ISC */
/* Device nodes and the links beside them (config-linux.md, "Devices"). */
#ifndef RUN_ROOTFS_DEVICES_H
#define RUN_ROOTFS_DEVICES_H

#include <stdbool.h>

struct root;
struct spec;

/*
 * The default devices, linux.devices and the links of /dev below the root.
 * Nodes are made with mknod(2), or bound from the host where a user namespace
 * doesn't allow that.  In what the bundle binds from elsewhere, /dev maybe,
 * nothing is made: what linux.devices asks for and isn't there is warned of.
 * The umask must be 0.  Dies.
 */
void devices_make(const struct spec *spec, const struct root *root);

/*
 * An O_PATH descriptor of the host's /dev/null, seen to be character device
 * 1:3; to be called while the host's root is still "/".  Dies.
 */
int devices_null(void);

#endif
