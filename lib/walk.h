/* SPDX-License-Identifier: ISC */
/*
 * The one walk over what images are made of: from the descriptors of an
 * index.json through indexes and manifests down to configs and layers, and to
 * what a manifest is about (image-spec manifest.md, subject).  Where the bytes
 * come from, and what a blob that is missing or wrong means, is the caller's.
 */
#ifndef LIB_WALK_H
#define LIB_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/digestmap.h"
#include "lib/manifest.h"

#define WALK_MAX (1 << 20) /* descriptors, of all indexes and manifests */

enum walk_kind {
	WALK_INDEX,
	WALK_MANIFEST,
	WALK_OTHER, /* in a manifest's place, of a media type unknown here */
	WALK_CONFIG,
	WALK_LAYER,
	/*
	 * What need not be there: a subject, and whatever has a digest and a
	 * size, or is a digest, inside a document of kind WALK_OTHER.
	 */
	WALK_MAYBE,
};

/*
 * The caller's; the functions get w, which may be the first member of a struct
 * of theirs.  All descriptors are borrowed.
 */
struct walk {
	/*
	 * A descriptor that parent names (NULL: index.json does).  It comes as
	 * often as it is named.  True: go on to what it names, once for all.
	 */
	bool (*visit)(struct walk *w, const struct descriptor *d,
	    enum walk_kind kind, const struct descriptor *parent);
	/*
	 * The descriptor, owned, of a blob that a document of kind WALK_OTHER
	 * has the bare digest of, as a manifest or index if it is one; false:
	 * it isn't there.  Each is asked for once.  NULL: not wanted.
	 */
	bool (*describe)(
	    struct walk *w, const char *digest, struct descriptor *d);
	/* Its d->size bytes, at most MANIFEST_MAX, owned; NULL: pass it by. */
	char *(*read)(struct walk *w, const struct descriptor *d);
	/*
	 * One of kind WALK_OTHER that is larger than that, to be read from; -1:
	 * pass it by.  NULL: not wanted.
	 */
	int (*open)(struct walk *w, const struct descriptor *d);
	/*
	 * The document is not what its descriptor says, "the index has ...", or
	 * it is one of unknown kind that can't be looked into, or an index that
	 * lies in too many.
	 */
	void (*fault)(
	    struct walk *w, const struct descriptor *d, const char *why);
	/* Behind the last of an index's n manifests, of which visit took some.
	 */
	void (*end)(struct walk *w, const struct descriptor *d, size_t taken,
	    size_t n);         /* NULL: not wanted */
	size_t nforeign;       /* entries of indexes: descriptor_is_foreign */
	struct digestmap seen; /* what each was met as: walkother.h */
	size_t count;
	struct descriptor *subjects; /* that are still to be looked into */
	size_t nsubjects;
};

/* By its media type: WALK_INDEX, WALK_MANIFEST or WALK_OTHER. */
enum walk_kind walk_kind_of(const struct descriptor *d);

/* Walk from a descriptor of index.json.  Dies beyond WALK_MAX. */
void walk_from(struct walk *w, const struct descriptor *d);

/* Forget which documents were seen. */
void walk_end(struct walk *w);

#endif
