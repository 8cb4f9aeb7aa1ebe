/* SPDX-License-Identifier: ISC */
/* Which image of a layout the user means. */
#include "lib/image.h"

#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/layout.h"
#include "lib/mem.h"

#define DEPTH_MAX 8 /* indexes in indexes */

void
image_parse(const char *text, struct image *image)
{
	const char *at = strrchr(text, '@');
	const char *colon = strrchr(text, ':');
	const char *end = text + strlen(text);

	*image = (struct image){0};
	if (at &&
	    (!strncmp(at, "@sha256:", 8) || !strncmp(at, "@sha512:", 8))) {
		if (!digest_valid(at + 1))
			die_usage("%s: not a digest", at + 1);
		image->digest = xstrdup(at + 1);
		end = at;
	} else if (colon && !strchr(colon, '/')) {
		if (!colon[1])
			die_usage("%s: the tag is empty", text);
		image->tag = xstrdup(colon + 1);
		end = colon;
	}
	if (end == text)
		die_usage("%s: no directory is named", *text ? text : "''");
	image->dir = xstrndup(text, (size_t)(end - text));
}

void
image_free(struct image *image)
{
	free(image->dir);
	free(image->tag);
	free(image->digest);
}

static bool
is_image(const struct descriptor *d)
{
	return media_type_is_index(d->media_type) ||
	       media_type_is_manifest(d->media_type);
}

/* The index that a descriptor names. */
static void
index_read(int layout, const struct descriptor *d, struct index *x)
{
	const char *why;
	char *text = blob_read(layout, d, MANIFEST_MAX);

	if (index_parse(text, (size_t)d->size, x, &why))
		die("index %s: %s", d->digest, why);
	free(text);
}

/* The descriptor with a digest in x or in an index below; a copy. */
static bool
digest_find(int layout, const struct index *x, const char *digest, int depth,
    struct descriptor *found)
{
	struct index below;
	bool is_there = false;

	for (size_t i = 0; i < x->nmanifests; i++)
		if (!strcmp(x->manifests[i].digest, digest)) {
			descriptor_copy(found, &x->manifests[i]);
			return true;
		}
	for (size_t i = 0; i < x->nmanifests && depth && !is_there; i++) {
		if (!media_type_is_index(x->manifests[i].media_type))
			continue;
		index_read(layout, &x->manifests[i], &below);
		is_there =
		    digest_find(layout, &below, digest, depth - 1, found);
		index_free(&below);
	}
	return is_there;
}

/*
 * Whether a descriptor is meant by a tag: it has the name, or, for what
 * podman and docker write, a whole reference that ends in it.
 */
static bool
tag_matches(const struct descriptor *d, const char *tag, bool exactly)
{
	const char *name = d->ref_name, *end;

	if (!name && !exactly)
		name = d->image_name;
	if (!name)
		return false;
	if (exactly)
		return !strcmp(name, tag);
	end = strrchr(name, ':');
	return end && !strcmp(end + 1, tag);
}

/* All images in x with the tag, or all when it is NULL: borrowed. */
static void
tag_find(
    const struct index *x, const char *tag, bool exactly, struct index *found)
{
	*found = (struct index){0};
	found->manifests = xcalloc(x->nmanifests + 1, sizeof *found->manifests);
	for (size_t i = 0; i < x->nmanifests; i++)
		if (is_image(&x->manifests[i]) &&
		    (!tag || tag_matches(&x->manifests[i], tag, exactly)))
			found->manifests[found->nmanifests++] = x->manifests[i];
}

/* Whether all are the same image, if perhaps for different platforms. */
static bool
is_one_image(const struct index *x)
{
	const struct descriptor *a = x->manifests, *b;
	bool same_digest = true, same_name = true;

	for (size_t i = 1; i < x->nmanifests; i++) {
		b = &x->manifests[i];
		if (strcmp(a->digest, b->digest))
			same_digest = false;
		if (strcmp(a->ref_name ? a->ref_name : "",
			b->ref_name ? b->ref_name : ""))
			same_name = false;
	}
	return same_digest || same_name;
}

/* "several images: name one of them: v1 v2" */
_Noreturn static void
die_ambiguous(const struct image *image, const struct index *x)
{
	struct buf names = {0};

	for (size_t i = 0; i < x->nmanifests && i < 20; i++)
		if (x->manifests[i].ref_name)
			buf_addf(&names, " :%s", x->manifests[i].ref_name);
		else
			buf_addf(&names, " @%s", x->manifests[i].digest);
	die("%s: it holds several images, say which:%s", image->dir,
	    buf_take(&names));
}

/* The best of x for a platform, a copy. */
static void
platform_pick(const struct index *x, const struct platform *want,
    const char *name, struct descriptor *picked)
{
	const struct descriptor *d = index_select(x, want);
	struct buf have = {0};
	char *text;

	if (d) {
		descriptor_copy(picked, d);
		return;
	}
	for (size_t i = 0; i < x->nmanifests && i < 20; i++) {
		text = platform_text(&x->manifests[i].platform);
		buf_addf(&have, " %s", text);
		free(text);
	}
	die("%s: no image for %s, only for%s", name, platform_text(want),
	    x->nmanifests ? buf_take(&have) : " none");
}

/* What image names in index.json: a manifest or an index. */
static void
image_find(int layout, const struct image *image, const struct platform *want,
    struct descriptor *d)
{
	struct index all, found;

	layout_index(layout, &all);
	if (image->digest) {
		if (!digest_find(layout, &all, image->digest, DEPTH_MAX, d))
			die("%s: no image %s", image->dir, image->digest);
		index_free(&all);
		return;
	}
	tag_find(&all, image->tag, true, &found);
	if (!found.nmanifests && image->tag) {
		free(found.manifests);
		tag_find(&all, image->tag, false, &found);
	}
	if (!found.nmanifests && image->tag)
		die("%s: no image has the tag %s", image->dir, image->tag);
	if (!found.nmanifests)
		die("%s: it holds no image", image->dir);
	if (!is_one_image(&found))
		die_ambiguous(image, &found);
	if (strcmp(found.manifests[0].digest,
		found.manifests[found.nmanifests - 1].digest))
		platform_pick(&found, want, image->dir, d);
	else
		descriptor_copy(d, &found.manifests[0]);
	free(found.manifests);
	index_free(&all);
}

void
image_resolve(int layout, const struct image *image,
    const struct platform *want, struct descriptor *manifest)
{
	struct platform host = {0};
	struct descriptor below;
	struct index x;

	if (!want) {
		platform_host(&host);
		want = &host;
	}
	image_find(layout, image, want, manifest);
	for (int depth = 0; media_type_is_index(manifest->media_type);
	     depth++) {
		if (depth == DEPTH_MAX)
			die("%s: more than %d indexes in one another",
			    manifest->digest, DEPTH_MAX);
		index_read(layout, manifest, &x);
		platform_pick(&x, want, manifest->digest, &below);
		index_free(&x);
		descriptor_free(manifest);
		*manifest = below;
	}
	if (!media_type_is_manifest(manifest->media_type))
		die("%s: a %s, not an image", manifest->digest,
		    *manifest->media_type ? manifest->media_type : "thing");
	platform_free(&host);
}
