/* SPDX-License-Identifier: ISC */
/* The image that an archive has, by its index.json. */
#include "unpack/input/archived.h"

#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/image.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "unpack/input/members.h"

static void
index_read(struct members *m, struct index *x)
{
	const char *why;
	size_t len;
	char *text = members_file(m, "oci-layout", LAYOUT_FILE_MAX, &len);

	if (layout_version_check(text, len, &why) < 0)
		die("oci-layout: it %s", why);
	free(text);
	text = members_file(m, "index.json", MANIFEST_MAX, &len);
	if (index_parse(text, len, x, &why) < 0)
		die("index.json: it %s", why);
	free(text);
}

void
archived_image(struct members *m, struct descriptor *d)
{
	struct index x, found;

	index_read(m, &x);
	image_named(&x, NULL, false, &found);
	/* Others forget to say what it is. */
	if (!found.nmanifests) {
		free(found.manifests);
		image_named(&x, NULL, true, &found);
	}
	if (!found.nmanifests)
		die("standard input: there is no image in the archive");
	for (size_t i = 1; i < found.nmanifests; i++)
		if (strcmp(
			found.manifests[i].digest, found.manifests[0].digest))
			die("standard input: more than one image: write it to a"
			    " layout with oci-layout-write, and name one");
	descriptor_copy(d, &found.manifests[0]);
	free(found.manifests);
	index_free(&x);
}

/* The manifest in an index that is for the platform, a copy; *text is its. */
static void
index_enter(struct members *m, const struct platform *platform,
    struct descriptor *d, char **text)
{
	const struct descriptor *chosen;
	struct index x;
	const char *why;

	if (index_parse(*text, (size_t)d->size, &x, &why) < 0)
		die("%s: the index %s", d->digest, why);
	chosen = index_select(&x, platform);
	if (!chosen)
		die("%s: no image for this platform", d->digest);
	descriptor_free(d);
	descriptor_copy(d, chosen);
	index_free(&x);
	free(*text);
	*text = members_blob(m, d);
}

char *
archived_manifest(
    struct members *m, const struct platform *platform, struct descriptor *d)
{
	char *text = members_blob(m, d);
	struct platform host = {0};

	if (!platform)
		platform_host(&host);
	for (int depth = 0; media_type_is_index(d->media_type); depth++) {
		if (depth == INDEX_DEPTH_MAX)
			die("%s: more than %d indexes inside one another",
			    d->digest, INDEX_DEPTH_MAX);
		index_enter(m, platform ? platform : &host, d, &text);
	}
	if (!media_type_is_manifest(d->media_type))
		die("%s: a %s, not an image", d->digest,
		    *d->media_type ? d->media_type : "thing");
	platform_free(&host);
	return text;
}
