/* SPDX-License-Identifier: ISC */
/* One layer's entries, applied to the tree (image-spec layer.md). */
#ifndef UNPACK_APPLY_LAYER_H
#define UNPACK_APPLY_LAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/progress.h"

struct ring;
struct tree;

/* What all layers may take, and how far they are. */
struct applying {
	int64_t bytes; /* of files' data that may still be written */
	int64_t entries;
	bool verbose; /* print the names */
	struct progress progress;
	struct progress_state at;
};

/*
 * Take a layer from the ring, to its end, and apply it.  Dies when it can't be
 * done, or the layer isn't that of diff_id.
 */
void layer_apply(
    struct tree *t, struct ring *ring, const char *diff_id, struct applying *a);

#endif
