/* SPDX-License-Identifier: ISC */
/* All layers of an image, applied one after the other. */
#ifndef UNPACK_APPLY_IMAGE_H
#define UNPACK_APPLY_IMAGE_H

#include "unpack/apply/layer.h"

struct input;

/* Get ready: what they may take is set, and progress begins. */
void image_begin(struct applying *a, const struct input *in,
    enum progress_mode mode, int64_t max_size);

/* Apply all to a->sink, and see that the input was complete.  Dies. */
void image_apply(struct applying *a, struct input *in);

/* Until image_left messages name the layer; its number for progress, too. */
void image_at(struct applying *a, const struct input *in, size_t layer);
void image_left(const struct input *in);

/* An option's bytes, digits and K, M, G or T behind them, see options.h. */
const char *image_size_take(void *at, char *text);

#endif
