/* SPDX-License-Identifier: ISC */
/* Which images of index.json a name means, and whether that is one. */
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/image.h"
#include "lib/manifest.h"
#include "lib/mem.h"

static bool
is_image(const struct descriptor *d)
{
	return media_type_is_index(d->media_type) ||
	       media_type_is_manifest(d->media_type);
}

/* How a descriptor may be meant by a tag. */
enum match {
	BY_NAME,      /* it is its name */
	BY_FULL_NAME, /* or what containerd calls it, */
	BY_TAG,       /* or the end of one of them, as podman writes them */
};

static bool
tag_matches(const struct descriptor *d, const char *tag, enum match how)
{
	const char *name = d->ref_name, *end;

	if (how == BY_FULL_NAME || (how == BY_TAG && !name))
		name = d->image_name;
	if (!name)
		return false;
	if (how != BY_TAG)
		return !strcmp(name, tag);
	end = strrchr(name, ':');
	return end && !strcmp(end + 1, tag);
}

bool
image_may_be(const void *name, const struct descriptor *d)
{
	for (enum match how = BY_NAME; name && how <= BY_TAG; how++)
		if (tag_matches(d, name, how))
			return true;
	return !name;
}

/*
 * Where nothing is named, what is about the images is not meant: signatures,
 * lists of parts.  Unless there is nothing else.
 */
static void
artifacts_drop(struct index *found)
{
	size_t n = 0;

	for (size_t i = 0; i < found->nmanifests; i++)
		n += !found->manifests[i].is_artifact;
	if (!n)
		return;
	n = 0;
	for (size_t i = 0; i < found->nmanifests; i++)
		if (!found->manifests[i].is_artifact)
			found->manifests[n++] = found->manifests[i];
	found->nmanifests = n;
}

void
image_named(
    const struct index *x, const char *name, bool any, struct index *found)
{
	const struct descriptor *d;

	*found = (struct index){0};
	found->manifests = xcalloc(x->nmanifests + 1, sizeof *found->manifests);
	for (enum match how = BY_NAME; how <= BY_TAG && !found->nmanifests;
	     how++)
		for (size_t i = 0; i < x->nmanifests; i++) {
			d = &x->manifests[i];
			if ((any || is_image(d)) &&
			    (!name || tag_matches(d, name, how)))
				found->manifests[found->nmanifests++] = *d;
		}
	if (!name && !any)
		artifacts_drop(found);
}

static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static int
platform_order(const void *x, const void *y)
{
	const struct descriptor *a = *(struct descriptor *const *)x;
	const struct descriptor *b = *(struct descriptor *const *)y;
	char *s = platform_text(&a->platform), *t = platform_text(&b->platform);
	int r = strcmp(s, t);

	free(s);
	free(t);
	return r;
}

/*
 * Whether each says a platform, and no two the same: then one is meant by the
 * platform.  unknown/unknown is what attestations say.
 */
static bool
differ_by_platform(const struct index *x)
{
	const struct descriptor **list = xcalloc(x->nmanifests, sizeof *list),
				*d;
	bool differ = true;
	size_t n = 0;

	for (size_t i = 0; i < x->nmanifests; i++) {
		d = &x->manifests[i];
		differ &= d->platform.os && d->platform.arch;
		if (!d->platform.os || strcmp(d->platform.os, "unknown"))
			list[n++] = d;
	}
	qsort(list, n, sizeof *list, platform_order);
	for (size_t i = 1; i < n && differ; i++)
		differ = platform_order(&list[i - 1], &list[i]) != 0;
	free(list);
	return differ;
}

/*
 * Whether all are the same image, if perhaps for different platforms.  To
 * have no name is no name that they share.
 */
static bool
is_one_image(const struct index *x)
{
	const struct descriptor *a = x->manifests, *b;
	bool same_digest = true, same_name = true;

	for (size_t i = 1; i < x->nmanifests; i++) {
		b = &x->manifests[i];
		same_digest &= !strcmp(a->digest, b->digest);
		same_name &= same(a->ref_name, b->ref_name);
	}
	return same_digest || (same_name && differ_by_platform(x));
}

/* Whether image_parse would find the name again, and a person can type it. */
static bool
can_be_said(const struct index *x, const struct descriptor *d)
{
	size_t n = 0;

	for (const char *c = d->ref_name; c && *c; c++)
		if (*c <= ' ' || *c >= 0x7f)
			return false;
	for (size_t i = 0; d->ref_name && i < x->nmanifests; i++)
		n += same(x->manifests[i].ref_name, d->ref_name);
	return n == 1;
}

/* "several images, say which: img:v1 img@sha256:..." */
_Noreturn static void
die_ambiguous(const struct image *image, const struct index *x)
{
	struct buf names = {0};
	const struct descriptor *d;

	for (size_t i = 0; i < x->nmanifests && i < 20; i++) {
		d = &x->manifests[i];
		if (can_be_said(x, d))
			buf_addf(&names, " %s:%s", image->dir, d->ref_name);
		else
			buf_addf(&names, " %s@%s", image->dir, d->digest);
	}
	die("%s: it holds several images%s%s; say which:%s", image->dir,
	    image->tag ? " called " : "", image->tag ? image->tag : "",
	    buf_take(&names));
}

void
image_check_one(const struct image *image, const struct index *found)
{
	if (!is_one_image(found))
		die_ambiguous(image, found);
}
