/* SPDX-License-Identifier: ISC */
/* One manifest or index of a registry, fetched and verified. */
#ifndef FETCH_IMAGE_DOCUMENT_H
#define FETCH_IMAGE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/descriptor.h"

struct index;
struct manifest;
struct registry;
struct response;

struct document {
	struct descriptor desc; /* media type, digest, size as verified */
	char *data;             /* desc.size bytes and a NUL */
};

/* What the registry's reference names, tag or digest: of whatever type. */
void document_fetch(struct registry *r, struct document *d);

/*
 * The digest of that by the registry's word alone, owned; false when it has no
 * valid one to give to a HEAD, or another than the reference's.
 */
bool document_head(struct registry *r, char **digest);

/* What a descriptor of an index names; all that it says is kept. */
void document_fetch_child(
    struct registry *r, const struct descriptor *desc, struct document *d);

/* The same of what may be of any media type; false when it isn't there. */
bool document_find_any(
    struct registry *r, const struct descriptor *desc, struct document *d);

/*
 * The same of what no image is made of, as the bytes that they are: false when
 * it isn't among the manifests.
 */
bool document_fetch_strange(
    struct registry *r, const struct descriptor *desc, struct document *d);

/*
 * From then on messages end with what is unusual about an answer: the
 * Content-Encoding, which nobody asked for, and the mirror that it is of.
 */
void document_answer_about(const struct response *answer);

/* Its parts, as lib/manifest.h has them.  Both die when they are wrong. */
void document_manifest(const struct document *d, struct manifest *m);
void document_index(const struct document *d, struct index *x);

void document_free(struct document *d);

/* A whole blob that the registry keeps outside of manifests/: a config. */
char *document_config(struct registry *r, const struct descriptor *desc);

#endif
