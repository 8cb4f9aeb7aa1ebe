/* SPDX-License-Identifier: ISC */
/* The body of an answer on its way. */
#include "fetch/registry/body.h"

#include "fetch/registry/loop.h"
#include "fetch/registry/request.h"
#include "fetch/registry/server.h"

#define PROBLEM_MAX                                                            \
	(1 << 20) /* bytes of an answer that isn't what was asked              \
		   */

/*
 * The first bytes for a taker: is it all, or what part of it?  A part may begin
 * too early, and end too early, but mustn't leave a gap.
 */
static const char *
answer_fault(struct request *q)
{
	const struct response *a = &q->answer;
	int64_t from = a->status == 206 ? a->from : 0;

	if (a->status == 206 && (from < 0 || from > q->received)) {
		q->other_range = true;
		return "the registry sent a different range from the one "
		       "asked for";
	}
	if (a->length > q->size - from ||
	    (a->status == 200 && a->length >= 0 && a->length != q->size))
		return "the registry's Content-Length is not the "
		       "descriptor's size";
	/* What was there comes again, all of it when Range is ignored. */
	q->skip = q->received - from;
	return NULL;
}

/* A small answer, or what came in place of a large one. */
static size_t
collect(struct request *q, const char *p, size_t n)
{
	size_t max = q->taker ? PROBLEM_MAX : q->max;

	if (n > max - q->body.len) {
		q->fault = q->taker ? "the registry's answer is too long"
				    : "the answer is too long";
		return 0;
	}
	buf_add(&q->body, p, n);
	return n;
}

static size_t
pass(struct request *q, const char *p, size_t n)
{
	size_t all = n;

	q->paused = !q->taker->ready(q->arg);
	if (q->paused)
		return CURL_WRITEFUNC_PAUSE;
	if (q->skip < 0)
		q->fault = answer_fault(q);
	if (!q->fault && q->skip >= (int64_t)n) {
		q->skip -= (int64_t)n;
		return all;
	}
	p += q->skip > 0 ? q->skip : 0;
	n -= q->skip > 0 ? (size_t)q->skip : 0;
	if (!q->fault && (int64_t)n > q->size - q->received)
		q->fault = "the registry sends more than the descriptor's size";
	if (q->fault)
		return 0;
	q->skip = 0;
	q->taker->take(q->arg, p, n);
	q->received += (int64_t)n;
	q->answer.heard = clock_now(); /* however long that took */
	return all;
}

static size_t
receive(char *p, size_t size, size_t n, void *arg)
{
	struct request *q = arg;
	bool first = !q->answer.status, success;
	long status;

	(void)size;
	curl_easy_getinfo(q->easy, CURLINFO_RESPONSE_CODE, &status);
	success = status == 200 || status == 206;
	q->answer.status = status;
	q->answer.heard = clock_now();
	if (q->joined)
		server_pulse(q->server, n);
	/* A token is none of the image, or 401 and 429 could take turns. */
	q->loop->served += first && success && q->registry;
	if (success && q->server->busy) {
		/* Whoever waits for that need not wait for all of this. */
		q->server->busy = false;
		q->server->trial = q->trial = false;
	}
	if (q->taker && success)
		return pass(q, p, n);
	return collect(q, p, n);
}

void
body_begin(struct request *q)
{
	q->skip = -1; /* nothing of the answer has been seen */
	q->began = q->received;
	q->paused = false;
	curl_easy_setopt(q->easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(q->easy, CURLOPT_WRITEDATA, q);
}
