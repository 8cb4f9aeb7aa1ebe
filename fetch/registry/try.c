/* SPDX-License-Identifier: ISC */
/* One try of a request. */
#include "fetch/registry/try.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fetch/registry/access.h"
#include "fetch/registry/body.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/loop.h"
#include "fetch/registry/pace.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/request.h"
#include "fetch/registry/server.h"
#include "fetch/registry/warning.h"
#include "lib/mem.h"

#define FEW 3               /* transfers that have the largest buffers */
#define PROGRESS (16 << 10) /* bytes that make a try one that doesn't count */

static void
route(struct request *q)
{
	struct address first;
	const char *why;

	if (q->registry) {
		q->endpoint =
		    registry_endpoint(q->registry, q->path, q->endpoint);
		endpoint_route(q->endpoint, q->path, &q->route);
	} else {
		if (address_parse(q->url, NULL, &first, &why) < 0)
			die("%s: it %s", q->object, why);
		route_begin(&q->route, &first);
		q->route.nearest = q->nearest;
	}
	q->routed = true;
}

static void
headers_add(struct request *q)
{
	char *range;

	if (q->accept)
		header_add(&q->headers, q->accept);
	if (q->endpoint)
		access_show(q->endpoint->access, q);
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

/* What a name stands for is known only here. */
static curl_socket_t
socket_open(void *arg, curlsocktype purpose, struct curl_sockaddr *name)
{
	struct request *q = arg;
	const char *why = reach_fault(
	    reach_of_socket(&name->addr), q->route.nearest, &q->route.at);

	(void)purpose;
	if (why) {
		q->near = why;
		return CURL_SOCKET_BAD;
	}
	return socket(
	    name->family, name->socktype | SOCK_CLOEXEC, name->protocol);
}

/* Who opened a connection that is shared may have been free to go there. */
static int
shared(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct request *q = arg;
	const char *why =
	    reach_fault(reach_of_number(to), q->route.nearest, &q->route.at);

	(void)from, (void)to_port, (void)from_port;
	if (why) {
		server_meet(q->server, to);
		return CURL_PREREQFUNC_ABORT;
	}
	response_asked(&q->answer);
	return CURL_PREREQFUNC_OK;
}

/* Connections there are may be those of who was free to go there. */
static void
reach_limit(struct request *q)
{
	const struct server *s = q->server;

	q->near = NULL;
	if (q->route.nearest == REACH_HERE || s->proxy.url)
		return;
	curl_easy_setopt(q->easy, CURLOPT_OPENSOCKETFUNCTION, socket_open);
	curl_easy_setopt(q->easy, CURLOPT_OPENSOCKETDATA, q);
	if (s->met && s->nearest < q->route.nearest)
		curl_easy_setopt(q->easy, CURLOPT_FRESH_CONNECT, 1L);
	if (q->joined) {
		curl_easy_setopt(q->easy, CURLOPT_PREREQFUNCTION, shared);
		curl_easy_setopt(q->easy, CURLOPT_PREREQDATA, q);
	}
}

void
try_start(struct request *q)
{
	struct transport *t = q->loop->transport;

	if (!q->routed)
		route(q);
	q->server = server_find(&t->servers, &q->route.at);
	q->joined = q->joins && t->joins && server_joins(q->server);
	if (q->joined)
		server_join(q->server);
	q->easy =
	    transport_handle(t, q->server, &q->route.at, &q->answer, q->joined);
	q->state = REQUEST_ACTIVE;
	q->pair = q->server->pair;
	q->trial = q->server->busy;
	q->server->trial |= q->trial;
	headers_add(q);
	reach_limit(q);
	if (q->form)
		curl_easy_setopt(q->easy, CURLOPT_POSTFIELDS, q->form);
	if (q->method && strcmp(q->method, "HEAD") == 0)
		curl_easy_setopt(q->easy, CURLOPT_NOBODY, 1L);
	else if (q->method)
		curl_easy_setopt(q->easy, CURLOPT_CUSTOMREQUEST, q->method);
	curl_easy_setopt(q->easy, CURLOPT_PRIVATE, q);
	/* Memory is not to grow with the number of transfers. */
	if (q->loop->active >= FEW)
		curl_easy_setopt(q->easy, CURLOPT_BUFFERSIZE, 32L << 10);
	body_begin(q);
}

/* What counts how it goes on, and what is no more. */
static void
counts_end(struct request *q)
{
	long version = 0;

	if (q->trial)
		q->server->trial = q->trial = false;
	if (q->joined) {
		curl_easy_getinfo(q->easy, CURLINFO_HTTP_VERSION, &version);
		server_part(q->server, version);
	}
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

/* One more of 429, by whichever server; or the first, since the image came. */
static void
busy_count(struct request *q)
{
	if (q->served != q->loop->served)
		q->busy = 0;
	q->served = q->loop->served;
	q->busy++;
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

static void
reach_note(struct request *q)
{
	char *ip = NULL, *remedy;

	/* Another of its addresses may have been met, and failed otherwise. */
	if (q->code == CURLE_COULDNT_CONNECT && q->near && !q->fault) {
		remedy = reach_remedy(&q->route.at);
		free(q->wrong);
		q->fault = q->wrong =
		    xasprintf("%s stands for an address that %s, and was named "
			      "from afar%s",
			q->route.at.host, q->near, remedy);
		free(remedy);
	}
	if (q->answer.status && !q->server->proxy.url &&
	    !curl_easy_getinfo(q->easy, CURLINFO_PRIMARY_IP, &ip) && ip && *ip)
		server_meet(q->server, ip);
}

void
try_end(struct request *q, CURLcode code)
{
	struct response *a = &q->answer;

	q->code = code;
	response_end(a, q->easy);
	decoration_forgive(q);
	if (q->once && q->code)
		a->status = 0;
	reach_note(q);
	warning_show(q->route.at.host, a->warning);
	pace_follow(q);
	if (a->status)
		q->server->reached = true;
	if (a->status == 429)
		busy_count(q);
	else if (a->status && !route_is_on(a))
		q->server->busy = false;
	counts_end(q);
}
