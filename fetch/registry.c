/* SPDX-License-Identifier: ISC */
/* One repository of one registry. */
#include "fetch/registry.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/challenge.h"
#include "fetch/reference.h"
#include "fetch/retry.h"
#include "fetch/token.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"

char *
registry_url(const struct registry *r, const char *path)
{
	const char *host = r->ref->host;
	const char *scheme = r->plain_http ? "http" : "https";

	if (strcmp(host, "docker.io") == 0)
		host = "registry-1.docker.io";
	if (*path == '/')
		return xasprintf("%s://%s%s", scheme, host, path);
	return xasprintf(
	    "%s://%s/v2/%s/%s", scheme, host, r->ref->repository, path);
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
bearer_set(struct registry *r, struct challenge *challenge,
    const struct credentials *c)
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
	struct credentials c;

	if (sent != r->authorization_number)
		return;
	challenge_parse(answer->challenge, &challenge);
	if (!challenge.bearer && !challenge.basic)
		die("%s: it wants an authorization of a kind that isn't known "
		    "here, neither Basic nor Bearer",
		    r->ref->host);
	credentials_find(r->ref, &r->credentials, &c);
	free(r->authorization);
	if (challenge.bearer)
		bearer_set(r, &challenge, &c);
	else
		basic_set(r, &c);
	r->authorization_number++;
	credentials_free(&c);
	challenge_free(&challenge);
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
	else if (status == 400 && r->plain_http && !r->reached)
		hint = ": if it speaks TLS, give --tls-verify";
	die("%s: HTTP status %ld%s%s%s%s", object, status, hint,
	    message ? " (" : "", message ? message : "", message ? ")" : "");
}

/* One request: its answer in body and *answer, its status in answer. */
static CURLcode
request(struct registry *r, const char *path, const char *accept, size_t max,
    struct buf *body, struct response *answer, CURL **easy)
{
	char *url = registry_url(r, path);
	struct curl_slist *headers = NULL;
	CURLcode code;

	*easy = transport_handle(&r->transport, url, answer);
	if (accept)
		header_add(&headers, accept);
	if (r->authorization)
		header_add(&headers, r->authorization);
	curl_easy_setopt(*easy, CURLOPT_HTTPHEADER, headers);
	code = transport_perform(*easy, body, max);
	curl_easy_getinfo(*easy, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_slist_free_all(headers);
	free(url);
	return code;
}

static bool
was_redirected(CURL *easy)
{
	long count = 0;

	curl_easy_getinfo(easy, CURLINFO_REDIRECT_COUNT, &count);
	return count > 0;
}

void
registry_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer)
{
	unsigned tries = 1, denied = 0;
	CURLcode code;
	CURL *easy;
	long wait;

	for (;;) {
		code = request(r, path, accept, max, body, answer, &easy);
		if (!code && answer->status == 200)
			break;
		if (!code && answer->status == 401 && denied++ == 0 &&
		    !was_redirected(easy)) {
			registry_authorize(r, answer, r->authorization_number);
		} else if (code == CURLE_SSL_CONNECT_ERROR && r->may_fall &&
			   !r->reached) {
			r->plain_http = true;
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
	}
	r->reached = true;
	r->may_fall = false;
	curl_easy_cleanup(easy);
}
