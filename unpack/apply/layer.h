/* SPDX-License-Identifier: ISC */
/* One layer's entries, applied to a sink (image-spec layer.md). */
#ifndef UNPACK_APPLY_LAYER_H
#define UNPACK_APPLY_LAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/progress.h"
#include "unpack/apply/whiteout.h"

struct ring;
struct sink;

/* What all layers may take, and how far they are. */
struct applying {
	struct sink *sink;
	struct whiteouts whiteouts;
	int64_t bytes; /* of files' data that may still be written */
	int64_t entries;
	bool verbose; /* print the names */
	struct progress progress;
	struct progress_state at;
	int64_t before; /* bytes that were read before the ring was made */
	char *about;    /* see image.h */
};

/*
 * Take a layer from the ring, to its end, and apply it.  Dies when it can't be
 * done, or the layer isn't that of diff_id, which is NULL where the digest of
 * its blob says as much.
 */
void layer_apply(struct applying *a, struct ring *ring, const char *diff_id);

#endif
