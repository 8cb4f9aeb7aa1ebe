/* SPDX-License-Identifier: ISC */
/* One repository of one registry. */
#include "fetch/registry/registry.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/auth/challenge.h"
#include "fetch/image/reference.h"
#include "fetch/registry/retry.h"
#include "fetch/registry/warning.h"
#include "lib/buf.h"
#include "lib/mem.h"

#define PING_MAX (1 << 20) /* bytes of what /v2/ answers */

static bool
is_plain(const struct address *a)
{
	return strcmp(a->scheme, "http") == 0;
}

static void
server_set(struct registry *r, const char *scheme)
{
	const char *host = r->ref->host, *why;
	char *url;

	if (strcmp(host, "docker.io") == 0)
		host = "registry-1.docker.io";
	url = xasprintf("%s://%s/", scheme, host);
	address_free(&r->server);
	if (address_parse(url, NULL, &r->server, &why) < 0)
		die_usage("%s: not the address of a host", r->ref->host);
	free(url);
}

void
registry_open(struct registry *r, bool plain)
{
	server_set(r, "http");
	/* Plain http is for this machine, and never what https is known by. */
	if (!plain || !address_is_here(&r->server) ||
	    strcmp(r->server.port, "443") == 0)
		server_set(r, "https");
	transport_open(&r->transport);
}

void
registry_close(struct registry *r)
{
	transport_close(&r->transport);
	address_free(&r->server);
	credentials_free(&r->found);
	free(r->authorization);
	free(r->challenge);
}

void
registry_route(const struct registry *r, const char *path, struct route *route)
{
	/* Put together whole: seen from a base, "//host" would be one. */
	const char *root = r->server.text;
	int n = (int)strlen(root) - 1;
	char *url = *path == '/' ? xasprintf("%.*s%s", n, root, path)
				 : xasprintf("%.*s/v2/%s/%s", n, root,
				       r->ref->repository, path);
	struct address a;
	const char *why;

	if (address_parse(url, NULL, &a, &why) < 0)
		die("%s: it %s", url, why);
	free(url);
	route_begin(route, &a);
}

void
registry_creds_check(const struct registry *r)
{
	if (r->credentials.creds && !r->asked)
		warn("--creds: %s has not asked for credentials; they were not "
		     "sent",
		    r->ref->host);
}

/* One request, wherever it is sent on to: its answer in body and *answer. */
static CURLcode
ask(struct registry *r, struct route *route, const char *accept, size_t max,
    const char *object, struct buf *body, struct response *answer, CURL **easy)
{
	struct curl_slist *headers;
	CURLcode code;

	for (;;) {
		headers = NULL;
		*easy = transport_handle(&r->transport, &route->at, answer);
		if (accept)
			header_add(&headers, accept);
		registry_authorization_add(r, route, &headers);
		curl_easy_setopt(*easy, CURLOPT_HTTPHEADER, headers);
		code = transport_perform(*easy, body, max, answer);
		curl_slist_free_all(headers);
		warning_show(route->at.host, answer->warning);
		if (code || !route_follow(route, answer, object))
			return code;
		curl_easy_cleanup(*easy);
		response_free(answer);
	}
}

/*
 * Whether /v2/ says how to be asked, where an answer to something else only
 * says no.  Whoever has no credentials, or has shown them, is told the same
 * again: for a 401 alone a token for nobody may be enough.
 */
static bool
ping(struct registry *r, const struct response *refusal)
{
	struct response answer;
	struct buf body = {0};
	struct route route;
	CURL *easy;
	bool found;

	if (r->pinged || r->authorization ||
	    challenge_is_known(refusal->challenge) ||
	    (refusal->status != 401 && !registry_has_credentials(r)))
		return false;
	r->pinged = true;
	registry_route(r, "/v2/", &route);
	found = !ask(r, &route, NULL, PING_MAX, r->ref->host, &body, &answer,
		    &easy) &&
		answer.status == 401 && !route.strayed &&
		challenge_is_known(answer.challenge);
	if (found)
		registry_authorize(r, &answer, r->authorization_number);
	curl_easy_cleanup(easy);
	response_free(&answer);
	route_free(&route);
	buf_free(&body);
	return found;
}

/* Whether a token was refused, and a password is what is wanted now. */
static bool
wants_password(const struct registry *r, const struct response *answer)
{
	struct challenge challenge;
	bool wants;

	if (!r->authorization ||
	    strncmp(r->authorization, "Authorization: Bearer ", 22) != 0)
		return false;
	challenge_parse(answer->challenge, &challenge);
	wants = challenge.basic && !challenge.bearer;
	challenge_free(&challenge);
	return wants;
}

/* Whether a refusal is met by an authorization: all is asked once more. */
static bool
conciliate(struct registry *r, const struct route *route,
    const struct response *answer, unsigned *denied)
{
	long status = answer->status;
	bool may_hide = status == 401 || status == 403 || status == 404;

	if (!route->strayed && may_hide && ping(r, answer))
		return true;
	if (!registry_denies(r, route, status) ||
	    (!*answer->challenge && !r->challenge) ||
	    ++*denied > (wants_password(r, answer) ? 2U : 1U))
		return false;
	registry_authorize(r, answer, r->authorization_number);
	return true;
}

void
registry_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer)
{
	unsigned tries = 1, denied = 0;
	struct route route;
	CURLcode code;
	CURL *easy;
	long wait;

	for (;;) {
		registry_route(r, path, &route);
		code = ask(r, &route, accept, max, object, body, answer, &easy);
		if (!code && answer->status == 200)
			break;
		if (!code && conciliate(r, &route, answer, &denied)) {
			registry_token_wait(r);
		} else if ((code == CURLE_SSL_CONNECT_ERROR ||
			       code == CURLE_COULDNT_CONNECT) &&
			   r->may_fall && !route.strayed &&
			   !is_plain(&r->server)) {
			server_set(r, "http");
		} else {
			wait = retry_delay(easy, code, tries++, r->reached);
			if (wait < 0 && code)
				registry_failed(
				    r, &route, code, answer, object);
			if (wait < 0)
				registry_refused(
				    r, path, answer->status, body, object);
			usleep((useconds_t)wait * 1000);
		}
		curl_easy_cleanup(easy);
		response_free(answer);
		route_free(&route);
	}
	r->reached = true;
	r->may_fall = false;
	curl_easy_cleanup(easy);
	route_free(&route);
}
