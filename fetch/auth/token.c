/* SPDX-License-Identifier: ISC */
/* Access tokens. */
#include "fetch/auth/token.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/auth/challenge.h"
#include "fetch/auth/credentials.h"
#include "fetch/registry/address.h"
#include "fetch/registry/loop.h"
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

static void ask(struct token *t);

/* What came of it. */
static void
answered(void *arg)
{
	struct token *t = arg;
	long status = t->request.answer.status;

	if (t->form && lacks_post(status)) {
		free(t->form);
		t->form = NULL;
		request_free(&t->request);
		ask(t);
		return;
	}
	if ((status == 401 || status == 403) && t->secret)
		die("token server %s: it refuses these credentials, of %s; log "
		    "in again",
		    t->realm, t->from);
	if (status == 401 || status == 403)
		die("token server %s: it gives no token without credentials; "
		    "log in, or give --creds",
		    t->realm);
	if (status != 200)
		die("token server %s: HTTP status %ld", t->realm, status);
	t->text = answer_token(t->realm, &t->request.body);
	request_free(&t->request);
	t->ended(t->arg);
}

static void
ask(struct token *t)
{
	t->request = (struct request){
	    .url = t->form ? t->realm : t->url,
	    .form = t->form,
	    .authorization = t->form ? NULL : t->authorization,
	    .object = t->object,
	    .max = ANSWER_MAX,
	    .judged = true,
	    .ended = answered,
	    .arg = t,
	};
	loop_add(t->loop, &t->request);
}

void
token_begin(struct token *t, struct loop *l, const struct challenge *challenge,
    struct credentials *c, void (*ended)(void *arg), void *arg)
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
	    .loop = l,
	    .realm = xstrdup(realm),
	    .object = xasprintf("token server %s", realm),
	    .url = url_make(challenge, &server),
	    .from = c->from ? xstrdup(c->from) : NULL,
	    .secret = c->user || c->identity_token,
	    .ended = ended,
	    .arg = arg,
	};
	address_free(&server);
	if (c->identity_token)
		t->form = form_make(challenge, c->identity_token);
	if (t->secret) {
		password = c->identity_token ? c->identity_token : c->password;
		basic =
		    credentials_basic(c->user ? c->user : "<token>", password);
		t->authorization = xasprintf("Authorization: %s", basic);
		free(basic);
	}
	ask(t);
}

void
token_free(struct token *t)
{
	free(t->text);
	free(t->realm);
	free(t->object);
	free(t->form);
	free(t->url);
	free(t->from);
	free(t->authorization);
}
