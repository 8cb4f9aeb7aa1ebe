/* SPDX-License-Identifier: ISC */
/* One repository of one registry. */
#include "fetch/registry/registry.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/auth/challenge.h"
#include "fetch/auth/token.h"
#include "fetch/image/reference.h"
#include "fetch/registry/retry.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"

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
		die_usage("%s: no address of a host", r->ref->host);
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
registry_authorization_add(const struct registry *r, const struct route *route,
    struct curl_slist **headers)
{
	if (r->authorization && !route->strayed)
		header_add(headers, r->authorization);
}

static void
basic_set(struct registry *r, const struct credentials *c)
{
	char *basic;

	if (!c->user || !c->password)
		die("%s: it wants a user name and password; log in with "
		    "docker or podman, or give --creds",
		    r->ref->host);
	basic = credentials_basic(c->user, c->password);
	r->authorization = xasprintf("Authorization: %s", basic);
	free(basic);
}

static void
bearer_set(
    struct registry *r, struct challenge *challenge, struct credentials *c)
{
	char *token;

	if (!challenge->scope)
		challenge->scope =
		    xasprintf("repository:%s:pull", r->ref->repository);
	token = token_get(&r->transport, challenge, c);
	r->authorization = xasprintf("Authorization: Bearer %s", token);
	free(token);
}

void
registry_authorize(
    struct registry *r, const struct response *answer, unsigned sent)
{
	struct challenge challenge;

	if (sent != r->authorization_number)
		return;
	challenge_parse(answer->challenge, &challenge);
	if (!challenge.bearer && !challenge.basic)
		die("%s: it wants an authorization of a kind that isn't known "
		    "here, neither Basic nor Bearer",
		    r->ref->host);
	/* Once: who keeps them may ask the user each time. */
	if (!r->looked)
		credentials_find(r->ref, &r->credentials, &r->found);
	r->looked = true;
	credentials_guard(&r->found, &r->server);
	free(r->authorization);
	if (challenge.bearer)
		bearer_set(r, &challenge, &r->found);
	else
		basic_set(r, &r->found);
	r->authorization_number++;
	challenge_free(&challenge);
}

void
registry_creds_check(const struct registry *r)
{
	if (r->credentials.creds && !r->looked)
		warn("--creds: %s has not asked for them, they were not sent",
		    r->ref->host);
}

/* The message of an error answer (distribution-spec, "Error Codes"). */
static char *
body_message(const struct buf *body)
{
	const cJSON *first;
	const char *why, *text;
	cJSON *json;
	char *copy;

	if (!body->len)
		return NULL;
	json = json_parse(body->data, body->len, &why);
	first = cJSON_GetArrayItem(json_get(json, "errors"), 0);
	text = json_string(first, "message");
	if (!text)
		text = json_string(first, "code");
	copy = text ? xstrdup(text) : NULL;
	cJSON_Delete(json);
	return copy;
}

void
registry_refused(const struct registry *r, long status, const struct buf *body,
    const char *object)
{
	char *message = body_message(body);
	const char *hint = "";

	if (status == 401 || status == 403)
		hint = ": access denied, or there is no such repository";
	else if (status == 404)
		hint = ": there is no such thing";
	else if (status == 429)
		hint = ": too many requests";
	else if (status == 400 && is_plain(&r->server) && !r->reached)
		hint = ": if it speaks TLS, give --tls-verify";
	registry_creds_check(r);
	die("%s: HTTP status %ld%s%s%s%s", object, status, hint,
	    message ? " (" : "", message ? message : "", message ? ")" : "");
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
		if (code || !route_follow(route, answer, object))
			return code;
		curl_easy_cleanup(*easy);
		response_free(answer);
	}
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
		if (!code && answer->status == 401 && denied++ == 0 &&
		    !route.strayed) {
			registry_authorize(r, answer, r->authorization_number);
		} else if (code == CURLE_SSL_CONNECT_ERROR && r->may_fall &&
			   !route.strayed) {
			server_set(r, "http");
		} else {
			wait = retry_delay(easy, code, tries++, r->reached);
			if (wait < 0 && code)
				die("%s: %s", object,
				    transport_reason(code, answer));
			if (wait < 0)
				registry_refused(
				    r, answer->status, body, object);
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
