/* SPDX-License-Identifier: ISC */
/* One request, from its first try to its end. */
#include "fetch/registry/request.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/registry/access.h"
#include "fetch/registry/body.h"
#include "fetch/registry/loop.h"
#include "fetch/registry/refusal.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/server.h"
#include "fetch/registry/verdict.h"
#include "fetch/registry/warning.h"
#include "lib/mem.h"

#define PROGRESS (16 << 10) /* bytes that make a try one that doesn't count */

int64_t
request_due(const struct request *q)
{
	const struct server *s =
	    q->routed || !q->registry ? q->server : q->registry->server;

	if (q->registry && registry_settles(q->registry))
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
	/* Until there is a connection, libcurl sees to that. */
	if (q->state != REQUEST_ACTIVE || q->paused || !q->answer.heard)
		return INT64_MAX;
	return q->answer.heard + q->loop->transport->timeout * 1000;
}

static void
route(struct request *q)
{
	struct address first;
	const char *why;

	if (q->registry) {
		registry_route(q->registry, q->path, &q->route);
	} else {
		if (address_parse(q->url, NULL, &first, &why) < 0)
			die("%s: it %s", q->object, why);
		route_begin(&q->route, &first);
	}
	q->routed = true;
}

static void
headers_add(struct request *q)
{
	char *range;

	if (q->accept)
		header_add(&q->headers, q->accept);
	if (q->registry)
		access_show(q->registry->access, q);
	else if (q->authorization && !q->route.strayed)
		header_add(&q->headers, q->authorization);
	q->ranged = q->received && !q->whole;
	if (q->ranged) {
		/* Some stores know no range without an end. */
		range = xasprintf("Range: bytes=%lld-%lld",
		    (long long)q->received, (long long)q->size - 1);
		header_add(&q->headers, range);
		free(range);
	}
	curl_easy_setopt(q->easy, CURLOPT_HTTPHEADER, q->headers);
}

void
request_start(struct request *q)
{
	struct transport *t = q->loop->transport;

	if (!q->routed)
		route(q);
	q->server = server_find(&t->servers, &q->route.at);
	q->easy = transport_handle(t, q->server, &q->route.at, &q->answer);
	q->state = REQUEST_ACTIVE;
	q->pair = q->server->pair;
	q->trial = q->server->busy;
	q->server->trial |= q->trial;
	headers_add(q);
	if (q->form)
		curl_easy_setopt(q->easy, CURLOPT_POSTFIELDS, q->form);
	if (q->method && strcmp(q->method, "HEAD") == 0)
		curl_easy_setopt(q->easy, CURLOPT_NOBODY, 1L);
	else if (q->method)
		curl_easy_setopt(q->easy, CURLOPT_CUSTOMREQUEST, q->method);
	curl_easy_setopt(q->easy, CURLOPT_PRIVATE, q);
	body_begin(q);
}

/* Here ends what a try was; of it the answer is left. */
static void
try_end(struct request *q)
{
	if (q->trial)
		q->server->trial = q->trial = false;
	if (q->received - q->began >= PROGRESS)
		q->tries = 0;
	if (q->received > q->began)
		q->denied = 0;
	q->tries++;
	curl_easy_cleanup(q->easy);
	curl_slist_free_all(q->headers);
	q->easy = NULL;
	q->headers = NULL;
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

/* On to where the answer says. */
static void
moved(struct request *q)
{
	struct server *from = q->server;

	route_follow(&q->route, &q->answer, q->object);
	q->server = server_find(&q->loop->transport->servers, &q->route.at);
	if (q->server != from) /* which has done what it had to do */
		from->busy = false;
	q->tries--;
	again(q, 0, true);
}

/* While it is held, something finds out whether it can be had after all. */
static void
hold(struct request *q, enum verdict v)
{
	q->state = REQUEST_HELD;
	if (v == VERDICT_PLAIN) {
		registry_probe(q->registry, q);
		return;
	}
	q->denied +=
	    v == VERDICT_DENIED && access_is_last(q->registry->access, q);
	access_refused(q->registry->access, q, v == VERDICT_HIDDEN);
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

static void
give_up(struct request *q)
{
	if (!q->once && (!q->judged || q->code || q->fault))
		refused(q);
	done(q);
}

/* One more of 429, by whichever server; or the first, since the image came. */
static void
busy_count(struct request *q)
{
	if (q->served != q->loop->served)
		q->busy = 0;
	q->served = q->loop->served;
	q->busy++;
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

/*
 * The body of a refusal or of a redirect is only decoration: cut, too long or
 * late, it doesn't hide what the headers say.
 */
static void
decoration_forgive(struct request *q)
{
	const struct response *a = &q->answer;

	if (!q->code || q->code == CURLE_OUT_OF_MEMORY || !a->headed ||
	    a->status < 300 || (a->tunnel && a->tunnel / 100 != 2))
		return;
	q->code = CURLE_OK;
	q->fault = NULL;
}

void
request_finish(struct request *q, CURLcode code)
{
	struct response *a = &q->answer;

	q->code = code;
	transport_finish(q->easy, a);
	decoration_forgive(q);
	if (q->once && q->code)
		a->status = 0;
	warning_show(q->route.at.host, a->warning);
	if (a->status)
		q->server->reached = true;
	if (a->status == 429)
		busy_count(q);
	else if (a->status && !route_is_on(a))
		q->server->busy = false;
	try_end(q);
	proceed(q);
}

bool
request_resume(struct request *q)
{
	struct registry *r = q->registry;

	if (registry_settles(r))
		return false;
	if (r->access == q->access && r->access->number == q->sent) {
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
}
