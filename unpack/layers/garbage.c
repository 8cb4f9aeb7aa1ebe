/* SPDX-License-Identifier: ISC */
/*
 * Layers that nobody uses.  What goes is renamed first: a run that is killed
 * leaves no part of a layer under a name that stands for all of it.
 */
#include "unpack/layers/garbage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/layeruse.h"
#include "lib/mem.h"
#include "unpack/input/input.h"
#include "unpack/layers/store.h"
#include "unpack/tree/removal.h"

bool
layers_are_in(int dir)
{
	return !faccessat(dir, LAYERS_ABOUT, F_OK, AT_SYMLINK_NOFOLLOW);
}

char *
layers_kept(const struct option_list *images, struct platform *platform)
{
	struct buf names = {0};

	for (size_t i = 0; i < images->n; i++) {
		struct input *in = input_open(images->all[i], platform, NULL);
		char chain[DIGEST_MAX] = "", *path;

		for (size_t k = 0; k < in->manifest.nlayers; k++) {
			char below[DIGEST_MAX];

			strcpy(below, chain);
			store_chain(chain, k ? below : NULL, in->diff_ids[k]);
			path = store_path(chain, "", "\n");
			buf_adds(&names, path);
			free(path);
		}
		die_about(NULL);
	}
	return buf_take(&names);
}

static bool
is_used(const struct layers_garbage *g, const char *layer)
{
	char *file = layeruse_name(layer, "");
	char *pinned = layeruse_name(layer, LAYERS_PINNED);
	struct stat st;
	bool used;

	used = !faccessat(g->dir, pinned, F_OK, AT_SYMLINK_NOFOLLOW) ||
	       (!fstatat(g->dir, file, &st, AT_SYMLINK_NOFOLLOW) &&
		   st.st_nlink > 1);
	free(pinned);
	free(file);
	return used;
}

static void
layer_remove(
    const struct layers_garbage *g, int in, const char *name, const char *layer)
{
	char *gone = xasprintf(".%s.tmp", name);
	char *file = layeruse_name(layer, "");

	if (renameat(in, name, in, gone) < 0 || removal(in, gone) < 0)
		diesys("%s/%s", g->path, layer);
	unlinkat(g->dir, file, 0);
	free(file);
	free(gone);
}

/* Each layer of an algorithm whose directory in becomes ours. */
static void
sort_out(const struct layers_garbage *g, const char *algorithm, int in)
{
	DIR *dir = fdopendir(in);
	const struct dirent *e;
	char *digest, *layer, *line;

	if (!dir)
		diesys("%s/%s", g->path, algorithm);
	while ((e = readdir(dir))) {
		digest = xasprintf("%s:%s", algorithm, e->d_name);
		layer = xasprintf("%s/%s", algorithm, e->d_name);
		line = xasprintf("%s\n", layer);
		if (digest_valid(digest) && !strstr(g->kept, line) &&
		    !is_used(g, layer)) {
			if (!g->dry)
				layer_remove(g, in, e->d_name, layer);
			printf("{\"layer\":\"%s\"}\n", layer);
		}
		free(line);
		free(layer);
		free(digest);
	}
	closedir(dir);
}

void
layers_garbage(const struct layers_garbage *g)
{
	static const char *const algorithms[] = {"sha256", "sha512"};
	int lock = layeruse_lock(g->dir, g->path, 1), in;

	if (!g->dry)
		store_sweep(&(struct store){.path = g->path, .dir = g->dir});
	for (size_t i = 0; i < 2; i++) {
		in = openat(g->dir, algorithms[i],
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (in >= 0)
			sort_out(g, algorithms[i], in);
		else if (errno != ENOENT)
			diesys("%s/%s", g->path, algorithms[i]);
	}
	close(lock);
}
