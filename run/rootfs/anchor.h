/* SPDX-License-Identifier: ISC */
/*
 * The mounts that something else is to be found below, by the destinations
 * that config.json gives them: "/proc" for "/proc/kcore".
 */
#ifndef RUN_ROOTFS_ANCHOR_H
#define RUN_ROOTFS_ANCHOR_H

#include <stdbool.h>
#include <sys/types.h>

struct root;
struct spec;

struct anchor {
	const char *path; /* its destination */
	int fd;
	ssize_t mount; /* of root->mounts */
	bool covered;  /* by a later mount, as the destinations say */
};

/*
 * The last mount of the root, fd, was attached at destination: remember that
 * if a path of the specification, or a device, lies below, and forget those
 * that it covers.  The descriptor is duplicated.  Dies.
 */
void anchor_add(struct root *root, const struct spec *spec,
    const char *destination, int fd);

/*
 * The mount that path lies at or below by its text, the innermost and of
 * those the last; *rest is what follows, "" for the mount itself.  NULL: none,
 * as for a path with "..".
 */
const struct anchor *anchor_find(
    const struct root *root, const char *path, const char **rest);

#endif
