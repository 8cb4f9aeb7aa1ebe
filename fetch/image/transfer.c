/* SPDX-License-Identifier: ISC */
/*
 * All the blobs of a plan into the stream.
 *
 * One thread and one loop.  The blob whose turn it is goes from the network
 * straight to the stream; those after it go to files without names, and from
 * there into the stream by sendfile(2) when their turn comes, the rest of
 * them straight again.  When the reader is slow the first is paused and the
 * others go on; with no others there is nothing to pause for, and the write
 * waits.
 */
#include "fetch/image/transfer.h"

#include <stdlib.h>
#include <unistd.h>

#include "fetch/auth/token.h"
#include "fetch/image/download.h"
#include "fetch/image/plan.h"
#include "fetch/image/stream.h"
#include "fetch/registry/pause.h"
#include "fetch/registry/registry.h"
#include "lib/mem.h"
#include "lib/progress.h"

#define AHEAD 16           /* blobs that may wait for their turn, whole */
#define PIECE (256 << 10)  /* bytes from a file to the stream at once */
#define SLEEP_LONGEST 1000 /* milliseconds */

struct transfer {
	const struct plan *plan;
	struct registry *registry;
	struct stream *stream;
	unsigned jobs;
	CURLM *multi;
	struct download *downloads; /* one a blob; without blob: not begun */
	size_t turn;                /* the blob that is being written */
	size_t begun;    /* blobs before this one were begun or need not be */
	unsigned active; /* downloads with a handle */
	bool header;     /* of the blob at turn has been written */
	int64_t copied;  /* bytes of its spool that were */
	int64_t passed;  /* bytes of the blobs before it */
};

static void
multi_failed(CURLMcode code)
{
	if (code)
		die("libcurl: %s", curl_multi_strerror(code));
}

static void
start(struct transfer *t, struct download *d)
{
	download_start(d);
	multi_failed(curl_multi_add_handle(t->multi, d->easy));
	t->active++;
}

/* A token is on its way beside the blobs, and new ones wait for it. */
static void
token_ask(struct transfer *t)
{
	struct token *token = t->registry->token;

	if (token->easy || token_due(token) > clock_now())
		return;
	token_start(token);
	multi_failed(curl_multi_add_handle(t->multi, token->easy));
}

/* How many blobs may be begun: one at a time is without any file. */
static size_t
begin_until(const struct transfer *t)
{
	size_t ahead = t->jobs == 1 ? 1 : t->jobs + AHEAD;
	size_t until = t->turn + ahead;

	return until < t->plan->nblobs ? until : t->plan->nblobs;
}

/* Begin with a blob; it is due as any that was cut is. */
static void
begin(struct transfer *t)
{
	const struct plan_blob *blob = &t->plan->blobs[t->begun];
	struct download *d = &t->downloads[t->begun++];

	if (blob->data)
		return;
	download_init(d, t->registry, &blob->desc);
	d->live = t->begun - 1 == t->turn ? t->stream : NULL;
}

/* Start what may be started: first what was cut and is due again. */
static void
start_some(struct transfer *t)
{
	size_t until = begin_until(t);
	struct download *d;
	int64_t now = 0;

	if (t->registry->token) {
		token_ask(t);
		return;
	}
	/* What was fetched already needs no start. */
	if (t->begun < t->turn)
		t->begun = t->turn;
	for (size_t i = t->turn; t->active < t->jobs; i++) {
		if (i == t->begun && i < until)
			begin(t);
		if (i >= t->begun)
			return;
		d = &t->downloads[i];
		if (!d->blob || d->easy || d->complete)
			continue;
		if (!now)
			now = clock_now();
		if (download_due(d) <= now)
			start(t, d);
	}
}

/* From the spool of the blob whose turn it is.  True: it is all written. */
static bool
spool_drain(struct transfer *t, struct download *d)
{
	int64_t n;

	while (!d->live && t->copied < d->received) {
		if (!stream_ready(t->stream))
			return false;
		n = d->received - t->copied;
		if (n > PIECE)
			n = PIECE;
		stream_copy(t->stream, d->spool, t->copied, (size_t)n);
		t->copied += n;
	}
	if (!d->live && d->spool >= 0) {
		close(d->spool);
		d->spool = -1;
	}
	d->live = t->stream;
	return true;
}

/* Write what there is, of as many blobs as are there.  True: all done. */
static bool
write_some(struct transfer *t)
{
	const struct plan_blob *blob;
	struct download *d;

	for (; t->turn < t->plan->nblobs; t->turn++) {
		blob = &t->plan->blobs[t->turn];
		d = &t->downloads[t->turn];
		if (!t->header)
			stream_blob(t->stream, &blob->desc);
		t->header = true;
		if (blob->data)
			stream_write(
			    t->stream, blob->data, (size_t)blob->desc.size);
		else if (!d->blob || !spool_drain(t, d) || !d->complete)
			return false;
		stream_pad(t->stream, blob->desc.size);
		t->passed += blob->desc.size;
		t->header = false;
		t->copied = 0;
	}
	return true;
}

/* Take what has ended, well or not: whether anything has. */
static bool
finish_some(struct transfer *t)
{
	bool any = false;
	struct download *d;
	CURLcode code;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(t->multi, &left))) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		code = msg->data.result;
		any = true;
		if (t->registry->token &&
		    msg->easy_handle == t->registry->token->easy) {
			curl_multi_remove_handle(t->multi, msg->easy_handle);
			registry_token_finish(t->registry, code);
			continue;
		}
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &d);
		curl_multi_remove_handle(t->multi, msg->easy_handle);
		t->active--;
		download_finish(d, code);
	}
	return any;
}

/* How long nothing happens, unless a socket or the reader says otherwise. */
static int
sleep_longest(const struct transfer *t)
{
	int64_t now = clock_now(), longest = SLEEP_LONGEST, due;
	const struct token *token = t->registry->token;
	const struct download *d;

	if (token) {
		due = token->easy ? now + longest : token_due(token);
		longest = due - now < longest ? due - now : longest;
		return longest > 0 ? (int)longest : 0;
	}
	for (size_t i = t->turn; i < t->begun; i++) {
		d = &t->downloads[i];
		if (!d->blob || d->easy || d->complete)
			continue;
		due = download_due(d);
		if (due <= now)
			return t->active < t->jobs ? 0 : (int)longest;
		if (due - now < longest)
			longest = due - now;
	}
	return (int)longest;
}

static void
wait_some(struct transfer *t)
{
	struct download *d = &t->downloads[t->turn];
	struct curl_waitfd out = {
	    .fd = t->stream->fd, .events = CURL_WAIT_POLLOUT};
	bool full =
	    d->blob && (d->paused || (!d->live && t->copied < d->received));

	multi_failed(curl_multi_poll(
	    t->multi, &out, full ? 1 : 0, sleep_longest(t), NULL));
	/* Dies when the reader has gone, which no write may show for long. */
	if (stream_ready(t->stream) && d->paused) {
		d->paused = false;
		curl_easy_pause(d->easy, CURLPAUSE_CONT);
	}
}

static struct progress_state
state(const struct transfer *t)
{
	size_t n = t->plan->nblobs;
	struct progress_state s = {.bytes = t->passed,
	    .total = t->plan->size,
	    .part = t->turn < n ? t->turn + 1 : n,
	    .parts = n};

	for (size_t i = t->turn; i < t->begun; i++)
		s.bytes += t->downloads[i].blob ? t->downloads[i].received
						: t->plan->blobs[i].desc.size;
	return s;
}

static void
show(struct progress *p, const struct transfer *t)
{
	struct progress_state s;

	if (!p->shown)
		return;
	s = state(t);
	progress_show(p, &s);
}

struct progress_state
transfer_run(const struct plan *plan, struct registry *r, unsigned jobs,
    struct stream *s, struct progress *p)
{
	struct transfer t = {.plan = plan,
	    .registry = r,
	    .stream = s,
	    .jobs = jobs,
	    .multi = curl_multi_init()};
	struct progress_state done;
	int running;

	if (!t.multi)
		die("libcurl: no memory");
	t.downloads = xcalloc(plan->nblobs, sizeof *t.downloads);
	while (!write_some(&t)) {
		start_some(&t);
		s->wait =
		    jobs == 1 ||
		    (t.active <= 1 && t.begun == plan->nblobs && !r->token);
		multi_failed(curl_multi_perform(t.multi, &running));
		show(p, &t);
		if (!finish_some(&t))
			wait_some(&t);
	}
	done = state(&t);
	progress_hide(p); /* whoever reads the stream speaks next */
	free(t.downloads);
	multi_failed(curl_multi_cleanup(t.multi));
	return done;
}
