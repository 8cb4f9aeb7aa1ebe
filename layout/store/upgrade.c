/* SPDX-License-Identifier: ISC */
/* Layouts of image-spec 0.3, which have blobs/ALGORITHM-DIGITS. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digestmap.h"

/* A blob that has both names already is left with one, or with both. */
static void
blob_upgrade(const struct store *s, int blobs, const char *name,
    const char *digest, bool keep)
{
	bool is_512 = !strncmp(digest, "sha512:", 7);
	int dir = store_directory(s, blobs, is_512 ? "sha512" : "sha256");
	const char *to = digest_hex(digest);
	int r;

	if (keep)
		r = linkat(blobs, name, dir, to, 0);
	else
		r = renameat(blobs, name, dir, to);
	if (r && !(keep && errno == EEXIST))
		diesys("%s/blobs/%s", s->path, name);
	close(dir);
}

bool
store_upgrade(const struct store *s, bool keep)
{
	int blobs = openat(s->layout, "blobs",
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *list = blobs < 0 ? NULL : fdopendir(blobs);
	char digest[DIGEST_MAX];
	struct dirent *e;
	bool any = false;

	while (list && (e = readdir(list))) {
		if (!digest_of_name(e->d_name, digest))
			continue;
		blob_upgrade(s, blobs, e->d_name, digest, keep);
		any = true;
	}
	if (list)
		closedir(list);
	return any;
}

void
store_publish_flat(const struct store *s, const struct digestmap *staged)
{
	size_t n = digestmap_count(staged);
	char digest[DIGEST_MAX], *path, *flat;
	int blobs;

	for (size_t i = 0; i < n; i++) {
		digestmap_get(staged, i, digest);
		path = blob_path(digest);
		flat = blob_path_flat(digest);
		if (linkat(s->layout, path, s->layout, flat, 0) &&
		    errno != EEXIST)
			diesys("%s/%s", s->path, flat);
		free(path);
		free(flat);
	}
	if (!n)
		return;
	blobs = store_directory(s, s->layout, "blobs");
	store_directory_sync(s, blobs, "blobs");
	close(blobs);
}
