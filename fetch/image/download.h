/* SPDX-License-Identifier: ISC */
/*
 * The transfer of one blob: a request for it, its bytes hashed as they come,
 * and a new request for the rest when the answer is cut.
 */
#ifndef FETCH_IMAGE_DOWNLOAD_H
#define FETCH_IMAGE_DOWNLOAD_H

#include "fetch/registry/route.h"
#include "fetch/registry/transport.h"
#include "lib/buf.h"
#include "lib/descriptor.h"
#include "lib/digest.h"

struct registry;
struct stream;

struct download {
	struct registry *registry;
	const struct descriptor *blob;
	struct stream *live; /* where bytes go; NULL: to the spool */
	int spool;           /* -1: not needed so far */
	int64_t received;    /* bytes that were hashed, of blob->size */
	bool paused;         /* the stream wasn't ready; curl holds bytes */
	bool complete;       /* all received and verified */
	int64_t due;         /* see download_due */

	CURL *easy;         /* NULL: not in progress */
	struct route route; /* where it is asked for; begun by the first try */
	bool routed;
	struct curl_slist *headers;
	struct response answer;
	struct digest digest;
	bool ranged;   /* this try asks for a range */
	bool whole;    /* ranges don't come: no further one is asked for */
	int64_t skip;  /* bytes of this answer that were there before */
	int64_t began; /* received when this try did */
	unsigned tries, denied, authorization_sent;
	struct buf problem; /* what came instead of the blob */
	const char *fault;  /* why it was broken off here */
};

void download_init(
    struct download *d, struct registry *r, const struct descriptor *blob);

/* When it may be asked for: its own time, and what its server asks for. */
int64_t download_due(const struct download *d);

/* Make d->easy, for a multi handle to perform. */
void download_start(struct download *d);

/*
 * d->easy ended in code: take it apart.  Then either d->complete or it is due
 * again, or this dies.
 */
void download_finish(struct download *d, CURLcode code);

#endif
