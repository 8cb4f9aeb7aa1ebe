/* SPDX-License-Identifier: ISC */
/* The options of a mount (config.md, "Mounts"; config-linux.md). */
#ifndef RUN_ROOTFS_MOUNT_OPTIONS_H
#define RUN_ROOTFS_MOUNT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct mount_spec;

struct mount_options {
	bool bind, recursive;          /* bind, rbind */
	uint64_t set, clear;           /* MOUNT_ATTR_..., of this mount */
	uint64_t tree_set, tree_clear; /* the same of all mounts below it */
	uint64_t propagation;          /* MS_PRIVATE and so on, or 0 */
	bool propagate_tree;
	bool copyup;            /* tmpcopyup */
	bool idmap, idmap_tree; /* of this mount; of all below it, too */
	bool iversion;
	const char **data; /* for the file system, NULL-terminated */
};

/* Dies on an option that asks for what isn't done here. */
void mount_options_parse(const struct mount_spec *m, struct mount_options *o);

/* Whether the file system is given an option that begins so: "mode=". */
bool mount_options_give(const struct mount_options *o, const char *name);

/* Give it another; option stays the caller's.  There is room for one. */
void mount_options_add(struct mount_options *o, const char *option);

/* The names of all that can be asked for of any mount, for the features. */
const char *const *mount_options_known(void);

#endif
