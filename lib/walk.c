/* SPDX-License-Identifier: ISC */
/* The one walk over what images are made of. */
#include "lib/walk.h"

#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/walkother.h"

#define STRING(n) #n
#define DIGITS(n) STRING(n)
#define TOO_DEEP                                                               \
	"lies in more than " DIGITS(INDEX_DEPTH_MAX) " indexes, one in "       \
						     "another"

enum walk_kind
walk_kind_of(const struct descriptor *d)
{
	if (media_type_is_index(d->media_type))
		return WALK_INDEX;
	return media_type_is_manifest(d->media_type) ? WALK_MANIFEST
						     : WALK_OTHER;
}

bool
walk_first(struct walk *w, const char *digest, int64_t as)
{
	int64_t *met = digestmap_add(&w->seen, digest);
	bool first = !(*met & as);

	*met |= as;
	return first;
}

/*
 * Whether a document is met for the first time in this meaning: bytes that are
 * named as an index here and as a manifest there are looked at as both.
 */
static bool
is_new(struct walk *w, const struct descriptor *d)
{
	return walk_first(w, d->digest, 1 << walk_kind_of(d));
}

/*
 * Who reads a document by its descriptor and who goes by what it says of
 * itself must come to the same.
 */
static void
media_type_check(struct walk *w, const struct descriptor *d, const char *own)
{
	char *why;

	if (!*own || !strcmp(own, d->media_type))
		return;
	why = xasprintf("says that it is %s, its descriptor %s", own,
	    *d->media_type ? d->media_type : "nothing");
	w->fault(w, d, why);
	free(why);
}

/* One more descriptor, for the caller: whether he goes on to what it names. */
static bool
visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	if (++w->count > WALK_MAX)
		die("the images have more than %d descriptors", WALK_MAX);
	return w->visit(w, d, kind, parent);
}

/*
 * What a document is about waits until the others have been looked at, for one
 * may be about another to any length.  Of what may be anything only known
 * documents are looked into.
 */
static void
subject_add(
    struct walk *w, const struct descriptor *d, const struct descriptor *parent)
{
	if (!visit(w, d, WALK_MAYBE, parent) || walk_kind_of(d) == WALK_OTHER ||
	    !is_new(w, d))
		return;
	if (!(w->nsubjects & (w->nsubjects - 1)))
		w->subjects = xreallocarray(w->subjects,
		    w->nsubjects ? 2 * w->nsubjects : 1, sizeof *w->subjects);
	descriptor_copy(&w->subjects[w->nsubjects++], d);
}

static void
manifest_look(
    struct walk *w, const struct descriptor *d, const char *text, int depth)
{
	struct manifest m;
	const char *why;

	if (manifest_parse(text, (size_t)d->size, &m, &why) < 0) {
		w->fault(w, d, why);
		return;
	}
	media_type_check(w, d, m.media_type);
	walk_add(w, &m.config, WALK_CONFIG, d, depth);
	for (size_t i = 0; i < m.nlayers; i++)
		walk_add(w, &m.layers[i], WALK_LAYER, d, depth);
	if (m.subject)
		subject_add(w, m.subject, d);
	manifest_free(&m);
}

static void
index_look(
    struct walk *w, const struct descriptor *d, const char *text, int depth)
{
	struct index x;
	const char *why;
	size_t taken = 0;

	if (index_parse(text, (size_t)d->size, &x, &why) < 0) {
		w->fault(w, d, why);
		return;
	}
	media_type_check(w, d, x.media_type);
	w->nforeign += x.nforeign;
	for (size_t i = 0; i < x.nmanifests; i++)
		taken += walk_add(w, &x.manifests[i],
		    walk_kind_of(&x.manifests[i]), d, depth);
	if (x.subject)
		subject_add(w, x.subject, d);
	if (w->end)
		w->end(w, d, taken, x.nmanifests);
	index_free(&x);
}

/* Read a document, and go on to what it names. */
static void
look(struct walk *w, const struct descriptor *d, int depth)
{
	enum walk_kind kind = walk_kind_of(d);
	char *text;

	if (kind == WALK_OTHER) {
		walk_other(w, d, depth);
		return;
	}
	if (kind == WALK_INDEX && depth == INDEX_DEPTH_MAX) {
		w->fault(w, d, TOO_DEEP);
		return;
	}
	text = w->read(w, d);
	if (!text)
		return;
	if (kind == WALK_INDEX)
		index_look(w, d, text, depth + 1);
	else
		manifest_look(w, d, text, depth);
	free(text);
}

bool
walk_add(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent, int depth)
{
	bool may = kind != WALK_CONFIG && kind != WALK_LAYER;

	if (!visit(w, d, kind, parent))
		return false;
	/* Of what may be anything only known documents are looked into. */
	if (kind == WALK_MAYBE && walk_kind_of(d) == WALK_OTHER)
		may = false;
	if (may && is_new(w, d))
		look(w, d, depth);
	return true;
}

void
walk_from(struct walk *w, const struct descriptor *d)
{
	struct descriptor subject;

	walk_add(w, d, walk_kind_of(d), NULL, 0);
	while (w->nsubjects) {
		subject = w->subjects[--w->nsubjects];
		look(w, &subject, 0);
		descriptor_free(&subject);
	}
}

void
walk_end(struct walk *w)
{
	digestmap_free(&w->seen);
	free(w->subjects);
	w->subjects = NULL;
	w->count = 0;
}
