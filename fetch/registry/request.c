/* SPDX-License-Identifier: ISC */
/* One request, from its first try to its end. */
#include "fetch/registry/request.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/registry/access.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/loop.h"
#include "fetch/registry/refusal.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/server.h"
#include "fetch/registry/try.h"
#include "fetch/registry/verdict.h"
#include "lib/mem.h"

int64_t
request_due(const struct request *q)
{
	const struct server *s = q->server;
	const struct endpoint *e = q->endpoint;

	if (q->registry && !q->routed) {
		e = registry_endpoint(q->registry, q->path, q->endpoint);
		s = e->server;
	}
	if (e && endpoint_settles(e))
		return INT64_MAX;
	if (!s)
		return q->due;
	/* One of them finds out whether it is still too busy for more. */
	if (s->busy && s->trial)
		return INT64_MAX;
	return s->until > q->due ? s->until : q->due;
}

int64_t
request_stalls(const struct request *q)
{
	int64_t heard;

	/* Until there is a connection, libcurl sees to that. */
	if (q->state != REQUEST_ACTIVE || q->paused || !q->answer.heard)
		return INT64_MAX;
	heard = q->answer.heard;
	if (q->joined) /* however little of it is its own */
		heard = q->server->pulse > q->answer.asked ? q->server->pulse
							   : q->answer.asked;
	return heard + q->loop->transport->timeout * 1000;
}

/* Again, from the beginning of its way, or from where it is sent on to. */
static void
again(struct request *q, int64_t due, bool sent_on)
{
	if (!sent_on) {
		route_free(&q->route);
		q->routed = false;
	}
	response_free(&q->answer);
	buf_free(&q->body);
	q->fault = NULL;
	free(q->wrong);
	q->wrong = NULL;
	q->other_range = false;
	q->due = due;
	q->state = REQUEST_DUE;
}

static void
done(struct request *q)
{
	route_free(&q->route);
	q->routed = false;
	q->state = REQUEST_DONE;
	if (q->endpoint)
		endpoint_answered(q->endpoint, q);
	loop_remove(q->loop, q);
	if (q->ended) /* from here on it may be no more */
		q->ended(q->arg);
}

static void
later(struct request *q)
{
	long wait = verdict_wait(q, q->tries);

	/* A server that was sending a moment ago need not be spared. */
	if (q->received > q->began && q->tries == 1)
		wait = 0;
	if (!q->code && q->answer.status == 503)
		server_spare(q->server, wait);
	q->denied = 0; /* what is shown may end in the meantime */
	again(q, clock_now() + wait, false);
}

/* A server that is too busy for this takes nothing from its tries. */
static void
busy(struct request *q)
{
	q->tries--;
	q->server->busy = true;
	server_spare(q->server, verdict_wait(q, q->busy));
	q->denied = 0;
	again(q, 0, false);
}

/* While it is held, something finds out whether it can be had after all. */
static void
hold(struct request *q, enum verdict v)
{
	q->state = REQUEST_HELD;
	if (v == VERDICT_PLAIN) {
		endpoint_probe(q->endpoint, q);
		return;
	}
	q->denied +=
	    v == VERDICT_DENIED && access_is_last(q->endpoint->access, q);
	access_refused(q->endpoint->access, q, v == VERDICT_HIDDEN);
}

/* Show the server the next of the certificates there are for it. */
static void
certificate(struct request *q)
{
	struct server *s = q->server;

	if (q->pair == s->pair) {
		if (q->code == CURLE_SSL_CERTPROBLEM)
			certs_misfit(s->certs, &s->certs->pairs[s->pair]);
		s->pair++;
	}
	q->tries--;
	again(q, 0, false);
}

/* What went wrong may have been that of others on the same connection. */
static void
apart(struct request *q)
{
	q->server->joining = JOINING_NOT;
	q->loop->streams = 0;
	q->joins = false;
	q->tries--;
	again(q, 0, false);
}

/* On to who is asked after a mirror, for all that hasn't come yet. */
static void
elsewhere(struct request *q)
{
	if (q->received && !q->helped)
		q->helped = q->endpoint->name;
	q->endpoint = q->endpoint->next;
	q->access = NULL;
	q->tries = q->denied = q->busy = 0;
	q->whole = false;
	again(q, 0, false);
}

static void
give_up(struct request *q)
{
	if (q->endpoint && q->endpoint->mirror) {
		endpoint_failed(q->endpoint, q);
		elsewhere(q);
		return;
	}
	if (!q->once && !q->mild && (!q->judged || q->code || q->fault))
		refused(q);
	done(q);
}

/* On to where the answer says. */
static void
moved(struct request *q)
{
	struct server *from = q->server;

	q->route.reach = server_reach(from);
	q->wrong = route_follow(&q->route, &q->answer);
	if (!q->wrong && q->confined && !address_is_private(&q->route.at))
		q->wrong = xasprintf("it is sent on to %s, which is neither "
				     "https nor on this machine",
		    q->route.at.text);
	if (q->wrong) {
		q->fault = q->wrong;
		give_up(q);
		return;
	}
	q->server = server_find(&q->loop->transport->servers, &q->route.at);
	if (q->server != from) /* which has done what it had to do */
		from->busy = false;
	q->tries--;
	again(q, 0, true);
}

/* Follow the answer of the last try. */
static void
proceed(struct request *q)
{
	enum verdict v = verdict_of(q);

	if (q->once && v != VERDICT_DONE && v != VERDICT_MOVED &&
	    v != VERDICT_CERTIFICATE)
		v = VERDICT_NO;
	switch (v) {
	case VERDICT_DONE:
		done(q);
		break;
	case VERDICT_MOVED:
		moved(q);
		break;
	case VERDICT_DENIED:
	case VERDICT_HIDDEN:
	case VERDICT_PLAIN:
		hold(q, v);
		break;
	case VERDICT_CERTIFICATE:
		certificate(q);
		break;
	case VERDICT_APART:
		apart(q);
		break;
	case VERDICT_WHOLE:
		q->whole = true;
		again(q, 0, false);
		break;
	case VERDICT_EXPIRED:
		again(q, 0, false);
		break;
	case VERDICT_BUSY:
		busy(q);
		break;
	case VERDICT_LATER:
		later(q);
		break;
	case VERDICT_NO:
		give_up(q);
	}
}

void
request_finish(struct request *q, CURLcode code)
{
	try_end(q, code);
	proceed(q);
}

bool
request_resume(struct request *q)
{
	const struct endpoint *e = q->endpoint;

	if (endpoint_settles(e))
		return false;
	if (e->access == q->access && e->access->number == q->sent) {
		proceed(q);
	} else {
		q->tries--;
		again(q, 0, false);
	}
	return true;
}

void
request_free(struct request *q)
{
	if (q->routed)
		route_free(&q->route);
	response_free(&q->answer);
	buf_free(&q->body);
	free(q->wrong);
}
