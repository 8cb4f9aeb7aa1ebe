/* SPDX-License-Identifier: ISC */
/* One blob on its way. */
#include "fetch/image/download.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/image/spool.h"
#include "fetch/image/stream.h"
#include "fetch/registry/pause.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/retry.h"
#include "fetch/registry/warning.h"
#include "lib/io.h"
#include "lib/mem.h"

#define PROBLEM_MAX (1 << 20) /* bytes of an answer that isn't the blob */
#define PROGRESS (16 << 10)   /* bytes that make a try one that doesn't count */

void
download_init(
    struct download *d, struct registry *r, const struct descriptor *blob)
{
	*d = (struct download){.registry = r, .blob = blob, .spool = -1};
	digest_init(&d->digest, blob->digest);
}

static const char other_range[] =
    "the registry sent a different range from the one asked for";

/*
 * The first bytes of an answer: is it the blob, or what part of it?  A part may
 * begin too early, and end too early, but mustn't leave a gap.
 */
static const char *
answer_fault(struct download *d)
{
	const struct response *a = &d->answer;
	int64_t from = a->status == 206 ? a->from : 0;

	if (a->status == 206 && (from < 0 || from > d->received))
		return other_range;
	if (a->length > d->blob->size - from ||
	    (a->status == 200 && a->length >= 0 && a->length != d->blob->size))
		return "the registry's Content-Length is not the "
		       "descriptor's size";
	/* What was there comes again, all of it when Range is ignored. */
	d->skip = d->received - from;
	return NULL;
}

static void
bytes_take(struct download *d, const char *p, size_t n)
{
	digest_update(&d->digest, p, n);
	if (d->live) {
		stream_write(d->live, p, n);
	} else {
		if (d->spool < 0)
			d->spool = spool_open();
		if (io_write(d->spool, p, n) < 0)
			diesys("the temporary file of %s", d->blob->digest);
	}
	d->received += (int64_t)n;
}

static size_t
receive(char *p, size_t size, size_t n, void *arg)
{
	struct download *d = arg;
	size_t all = n;

	(void)size;
	curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &d->answer.status);
	if (d->answer.status != 200 && d->answer.status != 206) {
		if (n > PROBLEM_MAX - d->problem.len) {
			d->fault = "the registry's answer is too long";
			return 0;
		}
		buf_add(&d->problem, p, n);
		return all;
	}
	d->paused = d->live && !stream_ready(d->live);
	if (d->paused)
		return CURL_WRITEFUNC_PAUSE;
	if (d->skip < 0)
		d->fault = answer_fault(d);
	if (!d->fault && d->skip >= (int64_t)n) {
		d->skip -= (int64_t)n;
		return all;
	}
	p += d->skip > 0 ? d->skip : 0;
	n -= d->skip > 0 ? (size_t)d->skip : 0;
	if (!d->fault && (int64_t)n > d->blob->size - d->received)
		d->fault = "the registry sends more than the descriptor's size";
	if (d->fault)
		return 0;
	d->skip = 0;
	bytes_take(d, p, n);
	return all;
}

int64_t
download_due(const struct download *d)
{
	const struct registry *r = d->registry;
	int64_t end = pause_end(
	    r->transport.pauses, d->routed ? &d->route.at : &r->server);

	return end > d->due ? end : d->due;
}

void
download_start(struct download *d)
{
	struct registry *r = d->registry;
	char *path, *range;

	if (!d->routed) {
		path = xasprintf("blobs/%s", d->blob->digest);
		registry_route(r, path, &d->route);
		free(path);
	}
	d->routed = true;
	d->easy = transport_handle(&r->transport, &d->route.at, &d->answer);
	d->skip = -1; /* nothing of the answer has been seen */
	d->began = d->received;
	d->paused = false;
	d->authorization_sent = r->authorization_number;
	d->headers = NULL;
	registry_authorization_add(r, &d->route, &d->headers);
	d->ranged = d->received && !d->whole;
	if (d->ranged) {
		/* Some stores know no range without an end. */
		range = xasprintf("Range: bytes=%lld-%lld",
		    (long long)d->received, (long long)d->blob->size - 1);
		header_add(&d->headers, range);
		free(range);
	}
	curl_easy_setopt(d->easy, CURLOPT_HTTPHEADER, d->headers);
	curl_easy_setopt(d->easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(d->easy, CURLOPT_WRITEDATA, d);
	curl_easy_setopt(d->easy, CURLOPT_PRIVATE, d);
}

static void
verify(struct download *d)
{
	char text[DIGEST_MAX];

	digest_final(&d->digest, text);
	if (strcmp(text, d->blob->digest) != 0)
		die("%s: the registry sent something else, of digest %s",
		    d->blob->digest, text);
	d->complete = true;
}

static _Noreturn void
give_up(struct download *d, CURLcode code)
{
	bool foreign = strstr(d->blob->media_type, ".foreign.") ||
		       strstr(d->blob->media_type, ".nondistributable.");

	if (d->fault)
		die("%s: %s", d->blob->digest, d->fault);
	if (code)
		die("%s: %s, after %lld of %lld bytes", d->blob->digest,
		    transport_reason(code, &d->answer), (long long)d->received,
		    (long long)d->blob->size);
	if (d->answer.status == 404 && foreign)
		die("%s: a layer that the registry doesn't keep (%s)",
		    d->blob->digest, d->blob->media_type);
	registry_refused(d->registry, "blobs/", d->answer.status, &d->problem,
	    d->blob->digest);
}

/* A try that brought something is no failure in a row of them. */
static void
try_count(struct download *d)
{
	if (d->received - d->began >= PROGRESS)
		d->tries = 0;
	if (d->received > d->began)
		d->denied = 0;
	d->tries++;
}

/* The registry wants an authorization, or another than it was shown. */
static bool
wants_authorization(const struct download *d, CURLcode code)
{
	return !code && d->denied == 0 &&
	       registry_denies(d->registry, &d->route, d->answer.status);
}

/* The server knows no ranges, or not the one that was asked for. */
static bool
lacks_range(const struct download *d)
{
	return d->ranged &&
	       (d->fault == other_range || d->answer.status == 416);
}

/*
 * An address that the registry gave out may have expired, which some servers
 * call forbidden, others a bad request, or gone.
 */
static bool
address_expired(const struct download *d, CURLcode code)
{
	long status = d->answer.status;

	return !code && d->route.hops && status / 100 == 4 && status != 408 &&
	       status != 429 && d->tries < 3;
}

/* What is to be done after a try that didn't end the blob. */
enum next {
	NEXT_AUTHORIZED, /* ask again when there is an authorization */
	NEXT_WHOLE,      /* ask for all of it, no range */
	NEXT_ADDRESS,    /* ask the registry for another address */
	NEXT_LATER,      /* ask again if this kind of failure passes */
};

static enum next
next_step(const struct download *d, CURLcode code)
{
	if (wants_authorization(d, code))
		return NEXT_AUTHORIZED;
	if (lacks_range(d))
		return NEXT_WHOLE;
	if (address_expired(d, code))
		return NEXT_ADDRESS;
	return NEXT_LATER;
}

/* Set when the same is asked for again, or die of what doesn't pass. */
static void
postpone(struct download *d, CURLcode code)
{
	long status = d->answer.status, wait;

	/* An answer without a length that ended too soon was cut as well. */
	if (!code && (status == 200 || status == 206))
		code = CURLE_PARTIAL_FILE;
	wait = d->fault ? -1 : retry_delay(d->easy, code, d->tries, true);
	if (wait < 0)
		give_up(d, code);
	/* A server that was sending a moment ago need not be spared. */
	if (d->received > d->began && d->tries == 1)
		wait = 0;
	d->due = retry_later(
	    &d->registry->transport, &d->route.at, code ? 0 : status, wait);
}

static void
prepare_next(struct download *d, CURLcode code)
{
	try_count(d);
	d->due = 0;
	switch (next_step(d, code)) {
	case NEXT_AUTHORIZED:
		d->denied++;
		registry_authorize(
		    d->registry, &d->answer, d->authorization_sent);
		break;
	case NEXT_WHOLE:
		d->whole = true;
		d->fault = NULL;
		break;
	case NEXT_ADDRESS:
		break;
	case NEXT_LATER:
		postpone(d, code);
		break;
	}
}

void
download_finish(struct download *d, CURLcode code)
{
	bool sent_on = false;

	curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &d->answer.status);
	warning_show(d->route.at.host, d->answer.warning);
	if (!d->fault && d->received == d->blob->size &&
	    (d->answer.status == 200 || d->answer.status == 206))
		verify(d);
	else if (!code && route_follow(&d->route, &d->answer, d->blob->digest))
		sent_on = true;
	else
		prepare_next(d, code);
	/* The next try begins at the registry again. */
	if (!sent_on)
		route_free(&d->route);
	d->routed = sent_on;
	curl_easy_cleanup(d->easy);
	curl_slist_free_all(d->headers);
	response_free(&d->answer);
	buf_free(&d->problem);
	d->easy = NULL;
}
