/* SPDX-License-Identifier: ISC */
/*
 * Image manifests and indexes (image-spec manifest.md, image-index.md; Docker
 * image manifest v2 schema 2 and its list).  Both are read from the bytes
 * that were hashed, and never printed again.
 */
#ifndef LIB_MANIFEST_H
#define LIB_MANIFEST_H

#include <stddef.h>

#include "lib/descriptor.h"
#include "lib/jsonsplit.h"

#define MANIFEST_MAX (4 << 20) /* bytes of a manifest, an index, a config */
#define LAYERS_MAX 1024
#define MANIFESTS_MAX 32768 /* more than fit, but for very short ones */
#define INDEX_DEPTH_MAX 8   /* indexes in one another */

struct manifest {
	char *media_type; /* "" when absent */
	struct descriptor config;
	struct descriptor *layers; /* base first */
	size_t nlayers;
	struct descriptor *subject; /* what it is about; NULL: nothing */
};

struct index {
	char *media_type; /* "" when absent */
	struct descriptor *manifests;
	size_t nmanifests;
	size_t nforeign; /* entries left out: descriptor_is_foreign */
	struct descriptor *subject; /* what it is about; NULL: nothing */
};

/*
 * 0, or -1 with a reason ("has no config"): not JSON, schemaVersion other
 * than 2, both layers and manifests, a descriptor that is not one, too many.
 * No layers and no manifests, or null for them, are an empty list.
 */
int manifest_parse(
    const char *text, size_t len, struct manifest *m, const char **why);
int index_parse(
    const char *text, size_t len, struct index *x, const char **why);

/* Append a descriptor, which x owns from then on. */
void index_append(struct index *x, struct descriptor *d);

/* An entry of an index that is read. */
struct index_entry {
	struct descriptor descriptor; /* zeros when it is foreign */
	const struct cJSON *json;     /* with all that it says */
	const char *text;             /* and as it is written, */
	size_t len;                   /* without space around it */
};

/*
 * An index that comes in runs, as index.json of a large layout does: it is
 * never held as a whole.
 */
struct index_reader {
	/*
	 * Called for each entry.  What comes later may still be wrong.  It may
	 * take the descriptor away, and leave zeros.
	 */
	void (*entry)(void *of, struct index_entry *e);
	void *of;
	size_t n, nforeign;      /* entries so far */
	struct json_split split; /* gets the text; the caller frees it */
};

void index_reader_init(struct index_reader *r,
    void (*entry)(void *of, struct index_entry *e), void *of);

/*
 * At the end of what r->split was given, x, of zeros, gets all but the
 * manifests: 0, or -1 with a reason as index_parse has it.
 */
int index_reader_end(struct index_reader *r, struct index *x, const char **why);

/* The same of one that is all there. */
int index_each(const char *text, size_t len,
    void (*entry)(void *of, struct index_entry *e), void *of, struct index *x,
    const char **why);

/* The best manifest of x for a platform, borrowed; NULL when there is none. */
const struct descriptor *index_select(
    const struct index *x, const struct platform *want);

void manifest_free(struct manifest *m);
void index_free(struct index *x);

#endif
