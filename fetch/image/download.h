/* SPDX-License-Identifier: ISC */
/*
 * The transfer of one blob: a request for it, and its bytes hashed as they
 * come.
 */
#ifndef FETCH_IMAGE_DOWNLOAD_H
#define FETCH_IMAGE_DOWNLOAD_H

#include "fetch/registry/request.h"
#include "lib/descriptor.h"
#include "lib/digest.h"

struct registry;
struct stream;

struct download {
	const struct descriptor *blob; /* NULL: not begun */
	struct stream *live;           /* where bytes go; NULL: to the spool */
	int spool;                     /* -1: not needed so far */
	bool complete;                 /* all received and verified */

	struct digest digest;
	struct request request;
	char *path;
};

/* Begin a blob; its request is the registry's loop's. */
void download_begin(struct download *d, struct registry *r,
    const struct descriptor *blob, struct stream *live);

/* Bytes that were hashed, of blob->size. */
int64_t download_received(const struct download *d);

/* Go on when the stream, which wasn't, is ready. */
void download_unpause(struct download *d);

#endif
