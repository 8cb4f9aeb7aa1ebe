/* SPDX-License-Identifier: ISC */
/* Layers that only their owner gives away (image-spec layer.md). */
#ifndef FETCH_IMAGE_FOREIGN_H
#define FETCH_IMAGE_FOREIGN_H

#include <stdbool.h>

struct descriptor;
struct registry;

/* Whether a layer may be had from its owner alone. */
bool foreign_is(const struct descriptor *layer);

/*
 * Those of the layer's urls that may have it, a NULL behind them, first the one
 * that says so; owned, NULL: none.  They are asked without credentials, and
 * only by https or, of a registry there, on this machine; others are passed
 * over, with a warning.
 */
char **foreign_find(struct registry *r, const struct descriptor *layer);
void foreign_free(char **urls); /* or NULL */

#endif
