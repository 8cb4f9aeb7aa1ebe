/* SPDX-License-Identifier: ISC */
/* Which image of a layout the user means. */
#include "lib/image.h"

#include <stdlib.h>
#include <string.h>

#include "lib/blob.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/walk.h"

#define TRIES 10 /* to read an image whose name another is being given */

/* The index that a descriptor names. */
static void
index_read(int layout, const struct descriptor *d, struct index *x)
{
	const char *why;
	char *text = blob_read(layout, d, MANIFEST_MAX);

	if (index_parse(text, (size_t)d->size, x, &why))
		die("%s: the index %s", d->digest, why);
	free(text);
}

/* A search for a digest.  walk comes first, for it is what the walk gives. */
struct search {
	struct walk walk;
	int layout;
	const char *digest;
	struct descriptor *found;
	bool is_there;
};

static bool
search_visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct search *s = (struct search *)w;

	(void)parent;
	if (s->is_there)
		return false;
	s->is_there = (media_type_is_index(d->media_type) ||
			  media_type_is_manifest(d->media_type)) &&
		      !strcmp(d->digest, s->digest);
	if (s->is_there)
		descriptor_copy(s->found, d);
	return !s->is_there && kind == WALK_INDEX &&
	       blob_is_there(s->layout, d);
}

static char *
search_read(struct walk *w, const struct descriptor *d)
{
	return blob_read(((struct search *)w)->layout, d, MANIFEST_MAX);
}

static void
search_fault(struct walk *w, const struct descriptor *d, const char *why)
{
	(void)w;
	die("%s: the index %s", d->digest, why);
}

/* Whether it is of the digest, or what is may lie below it. */
static bool
digest_may_be(const void *digest, const struct descriptor *d)
{
	return !strcmp(d->digest, digest) || media_type_is_index(d->media_type);
}

/* The descriptor with the digest in x or in an index below; a copy. */
static bool
digest_find(
    int layout, const struct index *x, const char *digest, struct descriptor *d)
{
	struct search s = {
	    {.visit = search_visit, .read = search_read, .fault = search_fault},
	    layout, digest, d, false};

	for (size_t i = 0; i < x->nmanifests; i++)
		if (!strcmp(x->manifests[i].digest, digest)) {
			descriptor_copy(d, &x->manifests[i]);
			return true;
		}
	for (size_t i = 0; i < x->nmanifests && !s.is_there; i++)
		walk_from(&s.walk, &x->manifests[i]);
	walk_end(&s.walk);
	return s.is_there;
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

	layout_index(layout, &all, image->digest ? digest_may_be : image_may_be,
	    image->digest ? image->digest : image->tag);
	if (image->digest) {
		/* It may have lost its name since somebody asked for that. */
		if (!digest_find(layout, &all, image->digest, d) &&
		    !blob_describe(layout, image->digest, d))
			die("%s: no image %s", image->dir, image->digest);
		index_free(&all);
		return;
	}
	image_named(&all, image->tag, false, &found);
	if (!found.nmanifests && image->tag)
		die("%s: no image has the tag %s; oci-layout-ls %s lists what "
		    "there is",
		    image->dir, image->tag, image->dir);
	if (!found.nmanifests)
		die("%s: it holds no image", image->dir);
	image_check_one(image, &found);
	if (strcmp(found.manifests[0].digest,
		found.manifests[found.nmanifests - 1].digest))
		platform_pick(&found, want, image->dir, d);
	else
		descriptor_copy(d, &found.manifests[0]);
	free(found.manifests);
	index_free(&all);
}

/* What the image's configuration says of its platform; NULL: nothing. */
static cJSON *
config_read(int layout, const struct descriptor *manifest, struct platform *p)
{
	const char *why;
	char *text = blob_read(layout, manifest, MANIFEST_MAX);
	struct manifest m;
	cJSON *json = NULL;

	if (manifest_parse(text, (size_t)manifest->size, &m, &why) < 0)
		die("%s: the manifest %s", manifest->digest, why);
	free(text);
	/* That it's missing is said by whoever needs it. */
	if (media_type_is_config(m.config.media_type) &&
	    blob_is_there(layout, &m.config)) {
		text = blob_read(layout, &m.config, MANIFEST_MAX);
		json = json_parse(text, (size_t)m.config.size, &why);
		free(text);
	}
	manifest_free(&m);
	*p = (struct platform){(char *)json_string(json, "os"),
	    (char *)json_string(json, "architecture"),
	    (char *)json_string(json, "variant")};
	if (p->os && *p->os && p->arch && *p->arch)
		return json;
	cJSON_Delete(json);
	return NULL;
}

/* No index had a say, so the image itself is asked what it runs on. */
static void
platform_check(int layout, const struct image *image,
    const struct descriptor *manifest, const struct platform *want, bool asked)
{
	struct platform have;
	cJSON *config = config_read(layout, manifest, &have);

	if (have.variant && !*have.variant)
		have.variant = NULL;
	if (config && !platform_match(want, &have)) {
		if (asked)
			die("%s: an image for %s, not for %s", image->dir,
			    platform_text(&have), platform_text(want));
		warn("%s: an image for %s, but this machine is %s", image->dir,
		    platform_text(&have), platform_text(want));
	}
	cJSON_Delete(config);
}

/*
 * The manifest for the platform, which is held from here on: false when one
 * that led to it was removed while it was looked for.  *picked: an index had a
 * say.
 */
static bool
manifest_find(int layout, const struct image *image,
    const struct platform *want, struct descriptor *manifest, bool *picked)
{
	struct descriptor below;
	struct index x;

	*picked = false;
	image_find(layout, image, want, manifest);
	for (int depth = 0; media_type_is_index(manifest->media_type);
	     depth++) {
		if (depth == INDEX_DEPTH_MAX)
			die("%s: more than %d indexes inside one another",
			    manifest->digest, INDEX_DEPTH_MAX);
		if (!blob_hold(layout, manifest->digest))
			return false;
		index_read(layout, manifest, &x);
		platform_pick(&x, want, manifest->digest, &below);
		index_free(&x);
		descriptor_free(manifest);
		*manifest = below;
		*picked = manifest->platform.os && manifest->platform.arch;
	}
	return blob_hold(layout, manifest->digest);
}

void
image_resolve(int layout, const struct image *image,
    const struct platform *want, struct descriptor *manifest)
{
	struct platform host = {0};
	bool asked = want, picked, held = false;

	if (!want) {
		platform_host(&host);
		want = &host;
	}
	for (int i = 0; i < TRIES && !held; i++) {
		if (i)
			descriptor_free(manifest);
		held = manifest_find(layout, image, want, manifest, &picked);
	}
	/* Where it isn't there at all, index or manifest, its reader says so.
	 */
	if (!held && media_type_is_index(manifest->media_type))
		free(blob_read(layout, manifest, MANIFEST_MAX));
	if (!media_type_is_manifest(manifest->media_type))
		die("%s: a %s, not an image", manifest->digest,
		    *manifest->media_type ? manifest->media_type : "thing");
	if (!picked)
		platform_check(layout, image, manifest, want, asked);
	platform_free(&host);
}
