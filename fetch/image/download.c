/* SPDX-License-Identifier: ISC */
/* One blob on its way. */
#include "fetch/image/download.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/image/document.h"
#include "fetch/image/foreign.h"
#include "fetch/image/keeping.h"
#include "fetch/image/outlet.h"
#include "fetch/image/spool.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/refusal.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/server.h"
#include "fetch/stock/stock.h"
#include "lib/io.h"
#include "lib/mem.h"

static bool
ready(void *arg)
{
	const struct download *d = arg;

	return !d->live || outlet_ready(d->live);
}

static void
take(void *arg, const char *p, size_t n)
{
	struct download *d = arg;

	digest_update(&d->digest, p, n);
	if (d->live) {
		outlet_write(d->live, p, n);
		return;
	}
	if (d->kept && keeping_write(d, p, n))
		return;
	if (d->spool < 0)
		d->spool = spool_open();
	if (io_write(d->spool, p, n) < 0)
		diesys("the temporary file of %s", d->blob->digest);
}

/* Whether all of it came, or else another address is asked for the rest. */
static bool
has_come(struct download *d)
{
	struct request *q = &d->request;
	int64_t received = q->received;
	char *why;

	if (!q->mild || (!q->code && !q->fault && received == q->size &&
			    q->answer.status / 100 == 2))
		return true;
	why = refusal_reason(q);
	warn("%s: not had from %s: %s", q->object, q->url, why);
	free(why);
	request_free(q);
	if (received && !d->other)
		d->other = *d->urls;
	d->urls++;
	download_ask(d, received);
	return false;
}

static void
verify(void *arg)
{
	struct download *d = arg;
	char text[DIGEST_MAX];
	bool is;

	if (!has_come(d))
		return;
	digest_final(&d->digest, text);
	is = strcmp(text, d->blob->digest) == 0;
	if (!is && !d->resumed) {
		if (d->kept)
			part_remove(&d->part);
		document_answer_about(&d->request.answer);
		die("%s: %s%s%s sent something else, of digest %s",
		    d->blob->digest, d->other ? d->other : "",
		    d->other ? " or " : "",
		    d->request.registry ? "the registry" : d->request.url,
		    text);
	}
	request_free(&d->request);
	if (!is) {
		keeping_again(d);
		return;
	}
	if (d->kept)
		part_publish(&d->part);
	d->complete = true;
	free(d->path);
}

void
download_ask(struct download *d, int64_t from)
{
	static const struct taker taker = {ready, take};
	const char *url = d->urls ? *d->urls : NULL;

	d->state = DOWNLOAD_COMES;
	d->request = (struct request){.registry = url ? NULL : d->registry,
	    .path = d->path,
	    .url = url,
	    .confined = url,
	    .mild = url && d->urls[1],
	    .nearest =
		url ? server_reach(d->registry->own->server) : REACH_HERE,
	    .object = d->blob->digest,
	    /* The registry need not have what is to be had of its owner. */
	    .elsewhere =
		foreign_is(d->blob) && !url ? d->blob->media_type : NULL,
	    .taker = &taker,
	    .size = d->blob->size,
	    .received = from,
	    .ended = verify,
	    .arg = d,
	    .counted = true};
	loop_add(&d->registry->loop, &d->request);
}

void
download_begin(struct download *d, struct registry *r,
    const struct descriptor *blob, char *const *urls, struct outlet *live)
{
	*d = (struct download){.blob = blob,
	    .registry = r,
	    .urls = urls,
	    .spool = -1,
	    .path = xasprintf("blobs/%s", blob->digest)};
	digest_init(&d->digest, blob->digest);
	if (r->stock && r->stock->cache) {
		keeping_begin(d);
		return;
	}
	d->live = live;
	download_ask(d, 0);
}

int64_t
download_received(const struct download *d)
{
	if (d->complete)
		return d->blob->size;
	return d->state == DOWNLOAD_COMES ? d->request.received : d->checked;
}

int64_t
download_readable(const struct download *d)
{
	if (d->complete)
		return d->blob->size;
	return d->state == DOWNLOAD_COMES && !d->resumed ? d->request.received
							 : 0;
}

bool
download_may_live(const struct download *d)
{
	return d->state == DOWNLOAD_COMES && !d->kept && !d->resumed;
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
