/* SPDX-License-Identifier: ISC */
/* One blob on its way. */
#include "fetch/image/download.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/*
 * All came, and it is something else: of a part and the rest either may be
 * wrong, and the last address is asked for all; or else the next one is.
 */
static void
wrong(struct download *d, const char *digest)
{
	bool last = !d->other && (!d->urls || !d->urls[1]);
	char *text;

	if (d->resumed) {
		request_free(&d->request);
		keeping_again(d);
		return;
	}
	if (last && d->kept)
		part_remove(&d->part);
	document_answer_about(&d->request.answer);
	text = xasprintf("%s: %s%s%s sent something else, of digest %s",
	    d->blob->digest, d->other ? d->other : "", d->other ? " or " : "",
	    d->request.registry ? "the registry" : d->request.url, digest);
	if (last)
		die("%s", text);
	warn("%s", text);
	free(text);
	request_free(&d->request);
	if (!d->other)
		d->urls++;
	download_again(d);
}

static void
verify(void *arg)
{
	struct download *d = arg;
	char text[DIGEST_MAX];

	if (!has_come(d))
		return;
	digest_final(&d->digest, text);
	if (strcmp(text, d->blob->digest) != 0) {
		wrong(d, text);
		return;
	}
	request_free(&d->request);
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
	    .counted = true,
	    .joins = d->joins};
	loop_add(&d->registry->loop, &d->request);
}

void
download_again(struct download *d)
{
	if (d->kept)
		part_empty(&d->part);
	else if (d->spool >= 0 &&
		 (ftruncate(d->spool, 0) || lseek(d->spool, 0, SEEK_SET) < 0))
		diesys("the temporary file of %s", d->blob->digest);
	d->resumed = false;
	d->other = NULL;
	digest_init(&d->digest, d->blob->digest);
	download_ask(d, 0);
}

void
download_begin(struct download *d, struct registry *r,
    const struct descriptor *blob, char *const *urls, bool joins,
    struct outlet *live)
{
	*d = (struct download){.blob = blob,
	    .registry = r,
	    .urls = urls,
	    .doubted = urls && urls[1],
	    .joins = joins,
	    .spool = -1,
	    .path = xasprintf("blobs/%s", blob->digest)};
	digest_init(&d->digest, blob->digest);
	if (r->stock && r->stock->cache) {
		keeping_begin(d);
		return;
	}
	if (!d->doubted && !joins)
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
	if (d->state != DOWNLOAD_COMES || d->resumed || d->doubted)
		return 0;
	return d->request.received;
}

bool
download_may_live(const struct download *d)
{
	return d->state == DOWNLOAD_COMES && !d->kept && !d->resumed &&
	       !d->doubted && !d->joins;
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
