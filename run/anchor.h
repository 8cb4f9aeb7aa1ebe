/* SPDX-License-Identifier: ISC */
/*
 * The mounts that something else is to be found below, by the destinations
 * that config.json gives them: "/proc" for "/proc/kcore".
 */
#ifndef RUN_ANCHOR_H
#define RUN_ANCHOR_H

struct root;
struct spec;

/*
 * Remember the mount fd, which is attached at destination, if a path of the
 * specification, or a device, lies below.  The descriptor is duplicated.
 * Dies.
 */
void anchor_add(struct root *root, const struct spec *spec,
    const char *destination, int fd);

/*
 * The descriptor of the mount that path lies at or below by its text, the
 * innermost and of those the last; *rest is what follows, "" for the mount
 * itself.  -1: none, as for a path with "..".
 */
int anchor_find(const struct root *root, const char *path, const char **rest);

#endif
