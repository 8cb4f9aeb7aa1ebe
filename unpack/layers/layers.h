/* SPDX-License-Identifier: ISC */
/* The layers of an image, each a directory that other images share. */
#ifndef UNPACK_LAYERS_LAYERS_H
#define UNPACK_LAYERS_LAYERS_H

#include "lib/progress.h"
#include "unpack/rootless.h"

struct image_options;

struct layers {
	const char *image, *dir;
	enum rootless rootless;
	enum progress_mode progress;
	const struct image_options *options;
};

/*
 * Have all of them in the directory, and print their names there, the topmost
 * first.  Dies; what was complete by then stays.
 */
void layers_unpack(const struct layers *l);

#endif
