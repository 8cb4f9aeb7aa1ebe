/* SPDX-License-Identifier: ISC */
/* What a directory has in a layer below, as an entry of this one. */
#ifndef UNPACK_LAYERS_INHERIT_H
#define UNPACK_LAYERS_INHERIT_H

#include "lib/tarentry.h"

struct tree;

struct inherited {
	struct tar_entry entry; /* mode, owner, times and attributes only */
	struct tar_xattr *xattrs;
	char *names;
};

/*
 * Of an open directory, O_PATH will do, with its path for messages; whose it
 * is as the tree keeps that.  What makes it a layer's, such as opaque, isn't
 * inherited.  Dies.
 */
void inherit(
    struct inherited *from, const struct tree *t, int fd, const char *path);
void inherit_free(struct inherited *from);

#endif
