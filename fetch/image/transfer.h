/* SPDX-License-Identifier: ISC */
/* All the blobs of a plan into the stream: several at once, in order. */
#ifndef FETCH_IMAGE_TRANSFER_H
#define FETCH_IMAGE_TRANSFER_H

#include "lib/progress.h"

struct plan;
struct registry;
struct stream;

/*
 * Fetch what the plan has no data of, as many blobs at a time as the registry's
 * loop has jobs, and write all of them to the stream in the plan's order.
 * Returns how far all is then.  Dies when one can't be had.
 */
struct progress_state transfer_run(const struct plan *plan, struct registry *r,
    struct stream *s, struct progress *p);

#endif
