/* SPDX-License-Identifier: ISC */
/*
 * manifest.json, as docker save has written it since 25, when its archives
 * became image layouts: the names of config and layers are those of blobs.
 */
#include "fetch/image/load.h"

#include <stdlib.h>

#include "lib/buf.h"
#include "lib/layout.h"
#include "lib/manifest.h"

static void
path_add(struct buf *b, const struct descriptor *d)
{
	char *path = blob_path(d->digest);

	buf_addf(b, "\"%s\"", path);
	free(path);
}

/* No digest and no name of ours has a character that JSON would escape. */
char *
load_json(const struct descriptor *image, const struct manifest *m)
{
	struct buf b = {0};

	buf_adds(&b, "[{\"Config\":");
	path_add(&b, &m->config);
	if (image->image_name)
		buf_addf(&b, ",\"RepoTags\":[\"%s\"]", image->image_name);
	else
		buf_adds(&b, ",\"RepoTags\":null");
	buf_adds(&b, ",\"Layers\":[");
	for (size_t i = 0; i < m->nlayers; i++) {
		if (i)
			buf_addc(&b, ',');
		path_add(&b, &m->layers[i]);
	}
	buf_adds(&b, "]}]");
	return buf_take(&b);
}
