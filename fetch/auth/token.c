/* SPDX-License-Identifier: ISC */
/* Access tokens. */
#include "fetch/auth/token.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/auth/challenge.h"
#include "fetch/auth/credentials.h"
#include "fetch/registry/address.h"
#include "fetch/registry/pause.h"
#include "fetch/registry/retry.h"
#include "fetch/registry/warning.h"
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

static char *
form_make(const struct challenge *challenge, const char *identity)
{
	struct buf form = {0};

	field_add(&form, "grant_type", "refresh_token", 0);
	field_add(&form, "client_id", CLIENT_ID, 0);
	if (challenge->service)
		field_add(&form, "service", challenge->service, 0);
	if (challenge->scope)
		field_add(&form, "scope", challenge->scope, 0);
	field_add(&form, "refresh_token", identity, 0);
	return buf_take(&form);
}

static char *
url_make(const struct challenge *challenge, const struct address *server)
{
	struct buf query = {0};
	char *url;

	if (challenge->service)
		field_add(&query, "service", challenge->service, 0);
	if (challenge->scope)
		scopes_add(&query, challenge->scope);
	url = xasprintf("%s%s%s", server->text,
	    !query.len                  ? ""
	    : strchr(server->text, '?') ? "&"
					: "?",
	    query.len ? query.data : "");
	buf_free(&query);
	return url;
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
			die("token server %s: its token has characters that no "
			    "token may have",
			    realm);
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

void
token_begin(struct token *t, struct transport *transport,
    const struct challenge *challenge, struct credentials *c)
{
	const char *realm = challenge->realm, *why, *password;
	struct address server;
	char *basic;

	if (!realm)
		die("the registry asks for a token but names no realm");
	if (address_parse(realm, NULL, &server, &why) < 0)
		die("token server %s: it %s", realm, why);
	credentials_guard(c, &server);
	*t = (struct token){
	    .transport = transport,
	    .realm = xstrdup(realm),
	    .url = url_make(challenge, &server),
	    .secret = c->user || c->identity_token,
	};
	address_free(&server);
	if (c->identity_token)
		t->form = form_make(challenge, c->identity_token);
	if (!t->secret)
		return;
	password = c->identity_token ? c->identity_token : c->password;
	basic = credentials_basic(c->user ? c->user : "<token>", password);
	t->authorization = xasprintf("Authorization: %s", basic);
	free(basic);
}

int64_t
token_due(const struct token *t)
{
	int64_t end =
	    t->routed ? pause_end(t->transport->pauses, &t->route.at) : 0;

	return end > t->due ? end : t->due;
}

void
token_start(struct token *t)
{
	struct address first;
	const char *why;

	if (!t->routed) {
		if (address_parse(
			t->form ? t->realm : t->url, NULL, &first, &why) < 0)
			die("token server %s: it %s", t->realm, why);
		route_begin(&t->route, &first);
	}
	t->routed = true;
	t->easy = transport_handle(t->transport, &t->route.at, &t->answer);
	t->headers = NULL;
	if (t->authorization && !t->form && !t->route.strayed)
		header_add(&t->headers, t->authorization);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	if (t->form)
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->form);
	transport_collect(t->easy, &t->body, ANSWER_MAX, &t->collection);
}

/* What came of the last try, if there is to be none after it. */
static void
conclude(struct token *t, long status)
{
	if (t->form && lacks_post(status)) {
		free(t->form);
		t->form = NULL;
		t->tries = 0;
		return;
	}
	if (status == 401 || status == 403)
		die("token server %s: %s", t->realm,
		    t->secret ? "it refuses these credentials; log in again"
			      : "it gives no token without credentials; log "
				"in, or give --creds");
	if (status != 200)
		die("token server %s: HTTP status %ld", t->realm, status);
	t->text = answer_token(t->realm, &t->body);
}

void
token_finish(struct token *t, CURLcode code)
{
	long status, wait;

	if (t->collection.exceeded)
		code = CURLE_FILESIZE_EXCEEDED;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->answer.status = status;
	warning_show(t->route.at.host, t->answer.warning);
	/* A GET is sent on; nobody else gets a form. */
	t->routed = !code && !t->form &&
		    route_follow(&t->route, &t->answer, "token server");
	if (!t->routed) {
		wait = retry_delay(t->easy, code, ++t->tries, false);
		if (wait < 0 && code)
			die("token server %s: %s", t->realm,
			    transport_reason(code, &t->answer));
		if (wait < 0)
			conclude(t, status);
		else
			t->due = retry_later(
			    t->transport, &t->route.at, status, wait);
		route_free(&t->route);
	}
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	response_free(&t->answer);
	t->easy = NULL;
}

void
token_free(struct token *t)
{
	free(t->text);
	free(t->realm);
	free(t->form);
	free(t->url);
	free(t->authorization);
	buf_free(&t->body);
}
