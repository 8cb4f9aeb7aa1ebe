/* SPDX-License-Identifier: ISC */
/*
 * Whiteouts (image-spec layer.md): they act on lower layers only, never on
 * what their own layer adds, whatever the order.
 */
#ifndef UNPACK_APPLY_WHITEOUT_H
#define UNPACK_APPLY_WHITEOUT_H

#include <stdbool.h>

#include "lib/buf.h"

struct sink;

/* Of one layer.  Begin with zeros. */
struct whiteouts {
	struct buf late; /* those that wait for the layer's end */
	bool linked;     /* AUFS's files wait for their removal there */
};

/*
 * Whether an entry is none of the image's: what AUFS kept at the top of a
 * layer in names that begin with ".wh..wh.", which layers of old versions of
 * docker have.  Of its files that hard links of the layer lead to this is not
 * said: they are made, and whiteout_finish removes them.
 */
bool whiteout_skips(struct whiteouts *w, const char *path, char type);

/*
 * Whether an entry of this path is a whiteout.  Dies when it is one that names
 * nothing, or when the path goes through one.
 */
bool whiteout_is(const char *path);

/*
 * Hide what lower layers have.  One behind a symbolic link of theirs waits for
 * the end of its layer, which may have a directory in the link's place.
 */
void whiteout_apply(struct whiteouts *w, struct sink *s, const char *path);
void whiteout_finish(struct whiteouts *w, struct sink *s);

#endif
