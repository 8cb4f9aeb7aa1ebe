/* SPDX-License-Identifier: ISC */
/* One manifest or index, fetched and verified. */
#include "fetch/image/document.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/image/agreed.h"
#include "fetch/image/embedded.h"
#include "fetch/image/reference.h"
#include "fetch/registry/registry.h"
#include "fetch/stock/stock.h"
#include "lib/buf.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"

#define ACCEPT                                                                 \
	"Accept: application/vnd.oci.image.index.v1+json, "                    \
	"application/vnd.oci.image.manifest.v1+json, "                         \
	"application/vnd.docker.distribution.manifest.list.v2+json, "          \
	"application/vnd.docker.distribution.manifest.v2+json, "               \
	"application/vnd.oci.artifact.manifest.v1+json, */*;q=0.1"

void
document_answer_about(const struct response *answer)
{
	struct buf b = {0};

	if (*answer->encoding)
		buf_addf(&b,
		    "it was sent with Content-Encoding %s, which nobody asked "
		    "for",
		    answer->encoding);
	if (answer->mirror)
		buf_addf(&b, "%sby the mirror %s", b.len ? "; " : "",
		    answer->mirror);
	if (b.len)
		die_about(buf_take(&b));
}

/* Verify an answer, whose body becomes the document's. */
static void
answer_take(struct registry *r, const struct response *answer, struct buf *body,
    const char *object, const char *digest, const char *type,
    struct document *d)
{
	if (!body->len)
		die("%s: the manifest is empty", object);
	document_answer_about(answer);
	*d = (struct document){
	    .desc.digest = agreed_digest(object, answer->digest, body, digest),
	    .desc.media_type = agreed_type(object, answer->type, body, type),
	    .desc.size = (int64_t)body->len,
	};
	die_about(NULL);
	d->data = buf_take(body);
	stock_keep(r->stock, &d->desc, d->data);
}

static void
fetch(struct registry *r, const char *name, const char *object,
    const char *digest, const char *type, struct document *d)
{
	char *path = xasprintf("manifests/%s", name);
	struct response answer;
	struct buf body = {0};

	registry_get(r, path, ACCEPT, MANIFEST_MAX, object, &body, &answer);
	answer_take(r, &answer, &body, object, digest, type, d);
	response_free(&answer);
	free(path);
}

/* The same by its descriptor: false when the registry doesn't have it. */
static bool
find(struct registry *r, const struct descriptor *desc, struct document *d)
{
	char *path = xasprintf("manifests/%s", desc->digest);
	struct response answer;
	struct buf body = {0};
	bool found = registry_find(
	    r, path, ACCEPT, MANIFEST_MAX, desc->digest, &body, &answer);

	if (found)
		answer_take(r, &answer, &body, desc->digest, desc->digest,
		    desc->media_type, d);
	buf_free(&body);
	response_free(&answer);
	free(path);
	return found;
}

bool
document_head(struct registry *r, char **digest)
{
	char *object = reference_text(r->ref);
	char *path = xasprintf("manifests/%s", reference_object(r->ref));
	struct response answer;
	bool found =
	    registry_head(r, path, ACCEPT, object, &answer) &&
	    digest_valid(answer.digest) &&
	    (!r->ref->digest || strcmp(answer.digest, r->ref->digest) == 0);

	*digest = found ? xstrdup(answer.digest) : NULL;
	response_free(&answer);
	free(object);
	free(path);
	return found;
}

/* Bytes that were verified, which become the document's; type as above. */
static void
take(const char *object, const char *digest, char *data, int64_t size,
    const char *type, struct document *d)
{
	struct buf body = {.data = data, .len = (size_t)size};

	*d = (struct document){
	    .desc.digest = xstrdup(digest),
	    .desc.media_type = agreed_type(object, "", &body, type),
	    .desc.size = size,
	    .data = data,
	};
}

void
document_fetch(struct registry *r, struct document *d)
{
	char *object = reference_text(r->ref), *data = NULL;
	const char *digest = r->ref->digest;
	int64_t size = -1;

	/* What a digest names needs no registry where it is in stock. */
	if (digest)
		data = stock_load(r->stock, digest, &size, MANIFEST_MAX);
	if (data)
		take(object, digest, data, size, "", d);
	else
		fetch(r, reference_object(r->ref), object, digest, "", d);
	free(object);
}

/* Of the descriptor itself, or in stock: owned, or NULL. */
static char *
data_had(struct registry *r, const struct descriptor *desc)
{
	char *data = embedded_data(desc);
	int64_t size = desc->size;

	if (data)
		return data;
	return stock_load(r->stock, desc->digest, &size, MANIFEST_MAX);
}

/* It is to be what its descriptor says, and keeps all that this says. */
static void
child_complete(const struct descriptor *desc, struct document *d)
{
	struct descriptor kept;

	if (d->desc.size != desc->size)
		die("%s: it has %lld bytes, its descriptor says %lld",
		    desc->digest, (long long)d->desc.size,
		    (long long)desc->size);
	descriptor_copy(&kept, desc);
	if (!*kept.media_type) {
		/* It has to say what it is from here on. */
		free(kept.media_type);
		free(kept.json);
		kept.media_type = xstrdup(d->desc.media_type);
		kept.json = NULL;
	}
	descriptor_free(&d->desc);
	d->desc = kept;
}

/* Of what there is already: false when it is to be asked for. */
static bool
child_had(struct registry *r, const struct descriptor *desc, struct document *d)
{
	char *data = data_had(r, desc);

	if (data)
		take(desc->digest, desc->digest, data, desc->size,
		    desc->media_type, d);
	return data != NULL;
}

void
document_fetch_child(
    struct registry *r, const struct descriptor *desc, struct document *d)
{
	if (!child_had(r, desc, d))
		fetch(r, desc->digest, desc->digest, desc->digest,
		    desc->media_type, d);
	child_complete(desc, d);
}

bool
document_fetch_strange(
    struct registry *r, const struct descriptor *desc, struct document *d)
{
	char *path = xasprintf("manifests/%s", desc->digest);
	char *accept = xasprintf("Accept: %s, */*", desc->media_type);
	char *data = embedded_data(desc);
	bool found = data || registry_has(r, path, desc->digest);
	struct response answer;
	struct buf body = {0};

	*d = (struct document){.data = data};
	if (data) {
		descriptor_copy(&d->desc, desc);
	} else if (found) {
		registry_get(r, path, accept, MANIFEST_MAX, desc->digest, &body,
		    &answer);
		document_answer_about(&answer);
		free(agreed_digest(
		    desc->digest, answer.digest, &body, desc->digest));
		if ((int64_t)body.len != desc->size)
			die("%s: it has %zu bytes, its descriptor says %lld",
			    desc->digest, body.len, (long long)desc->size);
		die_about(NULL);
		response_free(&answer);
		descriptor_copy(&d->desc, desc);
		d->data = buf_take(&body);
	}
	free(accept);
	free(path);
	return found;
}

bool
document_find_any(
    struct registry *r, const struct descriptor *desc, struct document *d)
{
	if (*desc->media_type && !media_type_is_index(desc->media_type) &&
	    !media_type_is_manifest(desc->media_type))
		return document_fetch_strange(r, desc, d);
	if (!child_had(r, desc, d) && !find(r, desc, d))
		return false;
	child_complete(desc, d);
	return true;
}

void
document_manifest(const struct document *d, struct manifest *m)
{
	const char *why;

	if (manifest_parse(d->data, (size_t)d->desc.size, m, &why) < 0)
		die("%s: the manifest %s", d->desc.digest, why);
}

void
document_index(const struct document *d, struct index *x)
{
	const char *why;

	if (index_parse(d->data, (size_t)d->desc.size, x, &why) < 0)
		die("%s: the index %s", d->desc.digest, why);
}

void
document_free(struct document *d)
{
	descriptor_free(&d->desc);
	free(d->data);
	*d = (struct document){0};
}

char *
document_config(struct registry *r, const struct descriptor *desc)
{
	char *path, *data = data_had(r, desc);
	struct response answer;
	struct buf body = {0};
	char text[DIGEST_MAX];

	if (data)
		return data;
	path = xasprintf("blobs/%s", desc->digest);
	registry_get(r, path, NULL, MANIFEST_MAX, desc->digest, &body, &answer);
	digest_of(body.data ? body.data : "", body.len, desc->digest, text);
	document_answer_about(&answer);
	if (strcmp(text, desc->digest) != 0 || (int64_t)body.len != desc->size)
		die("%s: the registry sent %zu bytes of digest %s",
		    desc->digest, body.len, text);
	die_about(NULL);
	stock_keep(r->stock, desc, body.data ? body.data : "");
	response_free(&answer);
	free(path);
	return buf_take(&body);
}
