/* SPDX-License-Identifier: ISC */
/* Access tokens. */
#include "fetch/auth/token.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/auth/challenge.h"
#include "fetch/auth/credentials.h"
#include "fetch/registry/address.h"
#include "fetch/registry/retry.h"
#include "fetch/registry/route.h"
#include "fetch/registry/transport.h"
#include "fetch/registry/warning.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"

#define ANSWER_MAX (1 << 20)
#define TOKEN_MAX (64 << 10)
#define CLIENT_ID "oci-fetch"

/* Text of a URL's query or of a form. */
static void
field_add(struct buf *b, const char *name, const char *value, size_t n)
{
	char *coded = curl_easy_escape(NULL, value, (int)n);

	if (!coded)
		die("libcurl: no memory");
	buf_addf(b, "%s%s=%s", b->len ? "&" : "", name, coded);
	curl_free(coded);
}

/* A query has a field for each scope, the form of OAuth2 has one for all. */
static void
scopes_add(struct buf *b, const char *scope)
{
	size_t n;

	for (scope += strspn(scope, " "); *scope; scope += strspn(scope, " ")) {
		n = strcspn(scope, " ");
		field_add(b, "scope", scope, n);
		scope += n;
	}
}

/* One try, wherever a GET is sent on to; nobody else gets a form. */
static CURLcode
ask_once(const struct transport *t, struct route *route, const char *form,
    const char *authorization, struct buf *answer, struct response *r,
    CURL **easy)
{
	struct curl_slist *headers;
	CURLcode code;

	for (;;) {
		headers = NULL;
		*easy = transport_handle(t, &route->at, r);
		if (authorization && !route->strayed)
			header_add(&headers, authorization);
		curl_easy_setopt(*easy, CURLOPT_HTTPHEADER, headers);
		if (form)
			curl_easy_setopt(*easy, CURLOPT_POSTFIELDS, form);
		code = transport_perform(*easy, answer, ANSWER_MAX, r);
		curl_slist_free_all(headers);
		warning_show(route->at.host, r->warning);
		if (code || form || !route_follow(route, r, "token server"))
			return code;
		curl_easy_cleanup(*easy);
		response_free(r);
	}
}

/* GET, or POST where there is a form; again when that may help. */
static long
realm_ask(const struct transport *t, const char *url, const char *form,
    const char *authorization, struct buf *answer)
{
	struct address first;
	struct route route;
	struct response r;
	const char *why;
	CURLcode code;
	CURL *easy;
	long wait;

	for (unsigned done = 1;; done++) {
		if (address_parse(url, NULL, &first, &why) < 0)
			die("token server %s: it %s", url, why);
		route_begin(&route, &first);
		code =
		    ask_once(t, &route, form, authorization, answer, &r, &easy);
		wait = retry_delay(easy, code, done, false);
		if (wait < 0 && code)
			die("token server %s: %s", url,
			    transport_reason(code, &r));
		curl_easy_cleanup(easy);
		response_free(&r);
		route_free(&route);
		if (wait < 0)
			return r.status;
		usleep((useconds_t)wait * 1000);
	}
}

static long
token_post(const struct transport *t, const struct challenge *challenge,
    const char *identity, struct buf *answer)
{
	struct buf form = {0};
	long status;

	field_add(&form, "grant_type", "refresh_token", 0);
	field_add(&form, "client_id", CLIENT_ID, 0);
	if (challenge->service)
		field_add(&form, "service", challenge->service, 0);
	if (challenge->scope)
		field_add(&form, "scope", challenge->scope, 0);
	field_add(&form, "refresh_token", identity, 0);
	status = realm_ask(t, challenge->realm, form.data, NULL, answer);
	buf_free(&form);
	return status;
}

static long
token_ask(const struct transport *t, const struct challenge *challenge,
    const char *user, const char *password, struct buf *answer)
{
	bool more = strchr(challenge->realm, '?') != NULL;
	struct buf query = {0};
	char *url, *basic, *authorization = NULL;
	long status;

	if (challenge->service)
		field_add(&query, "service", challenge->service, 0);
	if (challenge->scope)
		scopes_add(&query, challenge->scope);
	if (user) {
		basic = credentials_basic(user, password);
		authorization = xasprintf("Authorization: %s", basic);
		free(basic);
	}
	url = xasprintf("%s%s%s", challenge->realm,
	    !query.len ? ""
	    : more     ? "&"
		       : "?",
	    query.len ? query.data : "");
	status = realm_ask(t, url, NULL, authorization, answer);
	free(url);
	free(authorization);
	buf_free(&query);
	return status;
}

/* The token in the answer; it goes into a header, so only as what fits one. */
static char *
answer_token(const char *realm, const struct buf *answer)
{
	const char *why, *token;
	cJSON *json =
	    json_parse(answer->data ? answer->data : "", answer->len, &why);
	char *copy;

	if (!json)
		die("token server %s: its answer %s", realm, why);
	token = json_string(json, "token");
	if (!token || !*token)
		token = json_string(json, "access_token");
	if (!token || !*token)
		die("token server %s: its answer has no token", realm);
	if (strlen(token) > TOKEN_MAX)
		die("token server %s: its token is too long", realm);
	for (const char *s = token; *s; s++)
		if (*s <= ' ' || *s > '~')
			die("token server %s: its token is no token", realm);
	copy = xstrdup(token);
	cJSON_Delete(json);
	return copy;
}

/* What servers say that only know GET: GCR 404, Artifactory 401, others. */
static bool
lacks_post(long status)
{
	return status == 404 || status == 405 || status == 401;
}

char *
token_get(const struct transport *t, const struct challenge *challenge,
    struct credentials *c)
{
	const char *realm = challenge->realm, *user, *password, *why;
	struct buf answer = {0};
	struct address server;
	long status = 404;
	char *token;
	bool secret;

	if (!realm)
		die("the registry asks for a token but names no realm");
	if (address_parse(realm, NULL, &server, &why) < 0)
		die("token server %s: it %s", realm, why);
	credentials_guard(c, &server);
	address_free(&server);
	secret = c->user || c->identity_token;
	user = secret && c->user ? c->user : "<token>";
	password =
	    secret && c->identity_token ? c->identity_token : c->password;
	if (secret && c->identity_token)
		status = token_post(t, challenge, c->identity_token, &answer);
	if (lacks_post(status))
		status = token_ask(
		    t, challenge, secret ? user : NULL, password, &answer);
	if (status == 401 || status == 403)
		die("token server %s: %s", realm,
		    secret ? "it refuses the credentials; log in again"
			   : "it gives no token without credentials; log in "
			     "or give --creds");
	if (status != 200)
		die("token server %s: HTTP status %ld", realm, status);
	token = answer_token(realm, &answer);
	buf_free(&answer);
	return token;
}
