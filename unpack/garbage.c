/* SPDX-License-Identifier: ISC */
/* What nobody uses in directories of layers and of files. */
#include "unpack/garbage.h"

#include <stdlib.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "unpack/layers/garbage.h"
#include "unpack/objects/garbage.h"
#include "unpack/shared.h"

static void
tidy(const struct garbage *g, const char *path, int dir, const char *kept)
{
	if (layers_are_in(dir))
		layers_garbage(&(struct layers_garbage){
		    .path = path, .dir = dir, .kept = kept, .dry = g->dry});
	else
		objects_garbage(path, dir, g->dry);
	close(dir);
}

/* All are opened before a user namespace hides the owners; into it once. */
void
garbage_remove(const struct garbage *g, char *const *paths, size_t n)
{
	int *dirs = xcalloc(n, sizeof *dirs);
	char *kept;

	for (size_t i = 0; i < n; i++) {
		dirs[i] = shared_there(paths[i]);
		if (g->keep->n && !layers_are_in(dirs[i]))
			die("%s: no directory of layers, of which --keep says "
			    "what stays",
			    paths[i]);
	}
	if (rootless_enter(g->rootless))
		rootless_look(); /* into what a killed run has left */
	kept = layers_kept(g->keep, g->platform);
	for (size_t i = 0; i < n; i++)
		tidy(g, paths[i], dirs[i], kept);
	free(kept);
	free(dirs);
}
