/* SPDX-License-Identifier: ISC */
/* The root file system of a container (config-linux.md, rootfsPropagation). */
#ifndef RUN_ROOTFS_ROOT_H
#define RUN_ROOTFS_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct spec;

/* A mount of the container's; the first is the root file system's. */
struct root_mount {
	uint64_t id;
	bool own; /* it holds nothing of the host's */
};

struct anchor; /* run/rootfs/anchor.h */

/*
 * Has somebody open what this process can't reach: spec->mounts[which].source,
 * or the root file system for -1.  An O_PATH descriptor, or -1 with errno.
 */
typedef int place_opener(int which);

struct root {
	int fd; /* its directory, the root of a mount of its own */
	place_opener *opener; /* NULL: there is nobody */
	struct root_mount *mounts;
	size_t nmounts;
	struct anchor *anchors;
	size_t nanchors;
	bool no_pivot;
	int mounts_in; /* the mount namespace it is not to be in; -1 */
	int *late;     /* mounts that are to be read-only when all is made */
	size_t nlate;
};

/*
 * In a new mount namespace: cut it off from the host's and mount the root
 * file system on itself.  Dies.
 */
void root_prepare(
    struct root *root, const struct spec *spec, place_opener *opener);

/* Open path, O_PATH and with flags, or have it opened; -1 with errno. */
int root_open_outside(
    const struct root *root, const char *path, int which, int flags);

/* Note that a mount was attached; own: it holds nothing of the host's.  Dies.
 */
void root_add(struct root *root, int fd, bool own);

/* Have the mount fd read-only from root_enter on.  It is duplicated.  Dies. */
void root_protect_late(struct root *root, int fd);

/* Which of the mounts fd lies in, or -1: in one below a recursive bind. */
ssize_t root_mount_of(const struct root *root, int fd);

/* Whether the mount of that id is the root's, or one that was added. */
bool root_made(const struct root *root, uint64_t id);

/*
 * Whether fd lies in the root file system itself or in a mount that is the
 * container's own: in what the bundle binds no device or link is made.
 */
bool root_has(const struct root *root, int fd);

/* Whether two descriptors are of one file in one mount.  Dies. */
bool root_same(int a, int b);

/*
 * Make the root "/", with nothing of the host left in reach, and read-only
 * where the specification asks for it, as what root_protect_late was told.
 * Dies.
 */
void root_enter(const struct root *root, const struct spec *spec);

#endif
