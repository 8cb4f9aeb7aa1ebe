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
	int dir;          /* that is path */
	const char *kept; /* of layers_kept */
	bool dry;         /* only print */
};

/*
 * The layers that images need, for a platform, NULL: this machine's; a line
 * each; owned.  Dies.
 */
char *layers_kept(const struct option_list *images, struct platform *platform);

/*
 * Remove the layers that neither a bundle has a link for (lib/layeruse.h) nor
 * are to be kept, and print each, an object of JSON a line.
 * Dies.
 */
void layers_garbage(const struct layers_garbage *g);

#endif
