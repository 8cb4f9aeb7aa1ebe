/* SPDX-License-Identifier: ISC */
/* Blobs that the layout has and a new image needs, until that is published. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/digest.h"
#include "lib/mem.h"

/* The name of the second link; staged blobs have the digits alone. */
static char *
name_make(const char *digest)
{
	return xasprintf("kept-%s", digest_hex(digest));
}

void
store_keep(const struct store *s, const char *digest)
{
	char *path = blob_path(digest), *name = name_make(digest);

	/* Another device, another's file: then it goes without. */
	if (linkat(s->layout, path, s->staging.fd, name, 0)) {
		free(path);
		path = blob_path_flat(digest);
		(void)!linkat(s->layout, path, s->staging.fd, name, 0);
	}
	free(path);
	free(name);
}

bool
store_restore(const struct store *s, const char *digest)
{
	char *path = blob_path(digest), *name = name_make(digest);
	bool is = store_has(s, digest) ||
		  !renameat(s->staging.fd, name, s->layout, path);

	free(path);
	free(name);
	return is;
}
