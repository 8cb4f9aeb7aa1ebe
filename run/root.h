/* SPDX-License-Identifier: ISC */
/* The root file system of a container (config-linux.md, rootfsPropagation). */
#ifndef RUN_ROOT_H
#define RUN_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spec;

/* A mount of the container's, and the destination it was given. */
struct anchor {
	const char *path;
	int fd;
};

struct root {
	int fd; /* its directory, the root of a mount of its own */
	struct anchor *anchors;
	size_t nanchors;
	uint64_t *own; /* ids of the mounts that hold nothing of the host's */
	size_t nown;
};

/*
 * In a new mount namespace: cut it off from the host's and mount the root
 * file system on itself.  Dies.
 */
void root_prepare(struct root *root, const struct spec *spec);

/* Take the mount fd for one that holds nothing of the host's.  Dies. */
void root_add(struct root *root, int fd);

/*
 * Whether fd lies in the root file system itself or in a mount that was added:
 * elsewhere, in what the bundle binds, nothing is to be made.
 */
bool root_has(const struct root *root, int fd);

/* Whether two descriptors are of one file in one mount.  Dies. */
bool root_same(int a, int b);

/*
 * Make the root "/", with nothing of the host left in reach, and read-only
 * where the specification asks for it.  Dies.
 */
void root_enter(const struct root *root, const struct spec *spec);

#endif
