/* SPDX-License-Identifier: ISC */
/*
 * What layers make of a tree, by the rules alone (image-spec layer.md): first
 * a layer's whiteouts act on what is below it, then its entries are added.
 */
#ifndef T_FUZZ_MODEL_H
#define T_FUZZ_MODEL_H

#include <stdbool.h>
#include <stddef.h>

struct listing;
struct op;

enum model {
	MODEL_HOLDS,   /* the listing is what has to be there */
	MODEL_REFUSES, /* this can't be done */
	MODEL_UNSURE   /* a layer has whiteouts and links, or what fails */
};

enum model model_list(
    const struct op *ops, size_t n, size_t layers, struct listing *listing);

#endif
