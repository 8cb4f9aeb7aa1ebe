/* SPDX-License-Identifier: ISC */
/* One blob on its way. */
#include "fetch/image/download.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/image/document.h"
#include "fetch/image/spool.h"
#include "fetch/image/stream.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/server.h"
#include "lib/io.h"
#include "lib/mem.h"

static bool
ready(void *arg)
{
	const struct download *d = arg;

	return !d->live || stream_ready(d->live);
}

static void
take(void *arg, const char *p, size_t n)
{
	struct download *d = arg;

	digest_update(&d->digest, p, n);
	if (d->live) {
		stream_write(d->live, p, n);
		return;
	}
	if (d->spool < 0)
		d->spool = spool_open();
	if (io_write(d->spool, p, n) < 0)
		diesys("the temporary file of %s", d->blob->digest);
}

static void
verify(void *arg)
{
	struct download *d = arg;
	char text[DIGEST_MAX];

	digest_final(&d->digest, text);
	if (strcmp(text, d->blob->digest) != 0) {
		document_answer_about(&d->request.answer);
		die("%s: the registry sent something else, of digest %s",
		    d->blob->digest, text);
	}
	d->complete = true;
	request_free(&d->request);
	free(d->path);
}

void
download_begin(struct download *d, struct registry *r,
    const struct descriptor *blob, struct stream *live)
{
	static const struct taker taker = {ready, take};

	*d = (struct download){.blob = blob,
	    .live = live,
	    .spool = -1,
	    .path = xasprintf("blobs/%s", blob->digest)};
	digest_init(&d->digest, blob->digest);
	d->request = (struct request){.registry = r,
	    .path = d->path,
	    .object = blob->digest,
	    /* The registry need not have what is to be had of its owner. */
	    .elsewhere = document_is_elsewhere(blob) ? blob->media_type : NULL,
	    .taker = &taker,
	    .size = blob->size,
	    .ended = verify,
	    .arg = d,
	    .counted = true};
	loop_add(&r->loop, &d->request);
}

int64_t
download_received(const struct download *d)
{
	return d->request.received;
}

void
download_unpause(struct download *d)
{
	if (!d->request.paused || d->complete)
		return;
	d->request.paused = false;
	d->request.answer.heard = clock_now();
	curl_easy_pause(d->request.easy, CURLPAUSE_CONT);
}
