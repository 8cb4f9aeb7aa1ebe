/* SPDX-License-Identifier: ISC */
/* Access tokens. */
#include "fetch/auth/token.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/auth/challenge.h"
#include "fetch/auth/credentials.h"
#include "fetch/registry/address.h"
#include "fetch/registry/loop.h"
#include "fetch/registry/refusal.h"
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

/* A token goes into a header, so only as what fits one. */
static const char *
text_fault(const char *token)
{
	if (!token || !*token)
		return "its answer has no token";
	if (strlen(token) > TOKEN_MAX)
		return "its token is too long";
	for (const char *s = token; *s; s++)
		if (*s <= ' ' || *s > '~')
			return "its token has characters that no token may "
			       "have";
	return NULL;
}

/* The token in the answer; NULL: why there is none, owned. */
static char *
answer_token(const struct buf *answer, char **why)
{
	const char *token, *fault;
	cJSON *json =
	    json_parse(answer->data ? answer->data : "", answer->len, &fault);
	char *copy = NULL;

	if (!json) {
		*why = xasprintf("its answer %s", fault);
		return NULL;
	}
	token = json_string(json, "token");
	if (!token || !*token)
		token = json_string(json, "access_token");
	fault = text_fault(token);
	if (fault)
		*why = xstrdup(fault);
	else
		copy = xstrdup(token);
	cJSON_Delete(json);
	return copy;
}

/* What servers say that only know GET: GCR 404, Artifactory 401, others. */
static bool
lacks_post(long status)
{
	return status == 400 || status == 401 || status == 404 || status == 405;
}

static void ask(struct token *t);

/* Why an answer of that status has none; NULL: it has one. */
static char *
refusal(const struct token *t)
{
	const struct request *q = &t->request;
	long status = q->answer.status;

	if (q->code || q->fault)
		return refusal_reason(q);
	if ((status == 401 || status == 403) && t->secret)
		return xasprintf("it refuses these credentials, of %s; log in "
				 "again",
		    t->from);
	if (status == 401 || status == 403)
		return xstrdup("it gives no token without credentials; log "
			       "in, or give --creds");
	return status == 200 ? NULL : xasprintf("HTTP status %ld", status);
}

/* It ends, with a token or for this reason, owned, without. */
static void
end(struct token *t, char *why)
{
	if (why && !t->mild)
		die("token server %s: %s", t->realm, why);
	free(why);
	t->ended(t->arg);
}

/* What came of it. */
static void
answered(void *arg)
{
	struct token *t = arg;
	char *why;

	if (t->form && !t->request.code &&
	    lacks_post(t->request.answer.status)) {
		free(t->form);
		t->form = NULL;
		request_free(&t->request);
		ask(t);
		return;
	}
	why = refusal(t);
	if (!why)
		t->text = answer_token(&t->request.body, &why);
	request_free(&t->request);
	end(t, why);
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
	    .nearest = t->nearest,
	    .mild = t->mild,
	    .ended = answered,
	    .arg = t,
	};
	loop_add(t->loop, &t->request);
}

/* What is shown: the identity token by both ways, a password by GET alone. */
static void
secret_set(
    struct token *t, const struct challenge *challenge, struct credentials *c)
{
	const char *user = c->user ? c->user : "<token>";
	char *basic;

	t->secret = c->user || c->identity_token;
	t->from = c->from ? xstrdup(c->from) : NULL;
	if (c->identity_token)
		t->form = form_make(challenge, c->identity_token);
	if (!t->secret)
		return;
	basic = credentials_basic(
	    user, c->identity_token ? c->identity_token : c->password);
	t->authorization = xasprintf("Authorization: %s", basic);
	free(basic);
}

/* Where the realm is: NULL, or why it isn't asked, owned. */
static char *
realm_fault(const struct token *t, const char *realm, struct address *server)
{
	const char *why;
	char *remedy, *text;

	if (!realm)
		return xstrdup("the registry names none");
	if (address_parse(realm, NULL, server, &why) < 0)
		return xasprintf("it %s", why);
	why = reach_fault(reach_of_address(server), t->nearest, server);
	if (!why)
		return NULL;
	remedy = reach_remedy(server);
	text = xasprintf("it %s, which %s, that names it, is not%s", why,
	    t->by->host, remedy);
	free(remedy);
	address_free(server);
	return text;
}

void
token_begin(
    struct token *t, const struct challenge *challenge, struct credentials *c)
{
	const char *realm = challenge->realm;
	struct address server;
	char *wrong;

	t->realm = xstrdup(realm ? realm : "");
	wrong = realm_fault(t, realm, &server);
	if (wrong) {
		end(t, wrong);
		return;
	}
	credentials_guard(c, &server);
	t->object = xasprintf("token server %s", realm);
	t->url = url_make(challenge, &server);
	address_free(&server);
	secret_set(t, challenge, c);
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
