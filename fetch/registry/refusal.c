/* SPDX-License-Identifier: ISC */
/* What a registry's refusal means, and what to do about it. */
#include <stdlib.h>
#include <string.h>

#include "fetch/image/reference.h"
#include "fetch/registry/registry.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"

#define ANSWER_MAX (1 << 20) /* bytes of what a server says without TLS */

/* An error answer (distribution-spec, "Error Codes"); NULL: not said. */
struct refusal {
	cJSON *json;
	const char *code, *message; /* borrowed of json */
};

static void
refusal_parse(struct refusal *f, const struct buf *body)
{
	const cJSON *first;
	const char *why;

	*f = (struct refusal){0};
	if (!body->len)
		return;
	f->json = json_parse(body->data, body->len, &why);
	first = cJSON_GetArrayItem(json_get(f->json, "errors"), 0);
	f->code = json_string(first, "code");
	f->message = json_string(first, "message");
	if (!f->message)
		f->message = f->code;
}

/*
 * What a 404 means for who asked; owned.  Of a repository that isn't there
 * some registries say that the manifest isn't.
 */
static char *
missing(const struct registry *r, const char *path, const char *code)
{
	const struct reference *ref = r->ref;
	char *name = xasprintf("%s/%s", ref->host, ref->repository), *text;
	bool asked_for = strncmp(path, "manifests/", 10) == 0 &&
			 strcmp(path + 10, reference_object(ref)) == 0;

	if (strncmp(path, "tags/", 5) == 0 ||
	    (code && strcmp(code, "NAME_UNKNOWN") == 0))
		text = xasprintf("there is no repository %s", name);
	else if (asked_for)
		text = xasprintf("%s has no %s %s; oci-fetch -t %s lists its "
				 "tags, if there is such a repository",
		    name, ref->digest ? "image" : "tag", reference_object(ref),
		    name);
	else
		text = xasprintf(
		    "%s doesn't have it, though the image needs it", ref->host);
	free(name);
	return text;
}

void
registry_refused(const struct registry *r, const char *path, long status,
    const struct buf *body, const char *object)
{
	struct refusal f;
	const char *hint = NULL;

	refusal_parse(&f, body);
	if (status == 401 || status == 403)
		hint = "access denied, or there is no such repository";
	else if (status == 404)
		hint = missing(r, path, f.code);
	else if (status == 429)
		hint = "too many requests";
	else if (status == 400 && strcmp(r->server.scheme, "http") == 0 &&
		 !r->reached)
		hint = "if it speaks TLS, give --tls-verify";
	registry_creds_check(r);
	die("%s: HTTP status %ld%s%s%s%s%s", object, status, hint ? ": " : "",
	    hint ? hint : "", f.message ? " (" : "", f.message ? f.message : "",
	    f.message ? ")" : "");
}

/*
 * Whether the server answers plain http where https failed.  Nothing is shown
 * to it, and one that speaks TLS has 400 for that.
 */
static bool
speaks_plain(const struct registry *r)
{
	char *url =
	    xasprintf("http://%s:%s/v2/", r->server.host, r->server.port);
	struct response answer;
	struct buf body = {0};
	struct address a;
	const char *why;
	CURL *easy;
	bool speaks;

	if (address_parse(url, NULL, &a, &why) < 0)
		return false;
	free(url);
	easy = transport_handle(&r->transport, &a, &answer);
	transport_perform(easy, &body, ANSWER_MAX, &answer);
	speaks = answer.status != 0 && answer.status != 400;
	curl_easy_cleanup(easy);
	response_free(&answer);
	buf_free(&body);
	address_free(&a);
	return speaks;
}

void
registry_failed(const struct registry *r, const struct route *route,
    CURLcode code, const struct response *answer, const char *object)
{
	if (code == CURLE_SSL_CONNECT_ERROR && !route->strayed &&
	    strcmp(r->server.scheme, "https") == 0 && speaks_plain(r))
		die("%s: %s speaks plain http, not TLS; --tls-verify=false "
		    "allows that",
		    object, r->ref->host);
	die("%s: %s", object, transport_reason(code, answer));
}
