/* SPDX-License-Identifier: ISC */
/* Layers that nobody uses. */
#ifndef UNPACK_LAYERS_GARBAGE_H
#define UNPACK_LAYERS_GARBAGE_H

#include <stdbool.h>

#include "lib/options.h"

struct platform;

/* Whether a directory is one of layers. */
bool layers_are_in(int dir);

struct layers_garbage {
	const char *path;
	int dir;                        /* that is path */
	const struct option_list *keep; /* images whose layers stay */
	struct platform *platform;      /* of these; NULL: this machine's */
	bool dry;                       /* only print */
};

/*
 * Remove the layers that neither a bundle has a link for (lib/layeruse.h) nor
 * an image needs that is to be kept, and print each, an object of JSON a line.
 * Dies.
 */
void layers_garbage(const struct layers_garbage *g);

#endif
