/* SPDX-License-Identifier: ISC */
/* What a refusal means, and what to do about it. */
#include <stdlib.h>
#include <string.h>

#include "fetch/image/reference.h"
#include "fetch/registry/refusal.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/request.h"
#include "fetch/registry/server.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"

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

/* What else is to be said of an HTTP status; owned, or NULL. */
static char *
hint(const struct request *q, const struct refusal *f)
{
	const struct registry *r = q->registry;
	long status = q->answer.status;

	if (status == 401 || status == 403)
		return xstrdup("access denied, or there is no such repository");
	if (status == 429)
		return xstrdup("too many requests");
	if (status == 404 && r)
		return missing(r, q->path, f->code);
	if (status == 400 && r && !r->answered && !q->route.strayed &&
	    strcmp(q->server->at.scheme, "http") == 0)
		return xstrdup("if it speaks TLS, give --tls-verify");
	return NULL;
}

static _Noreturn void
status_refused(const struct request *q)
{
	struct refusal f;
	char *what;

	refusal_parse(&f, &q->body);
	what = hint(q, &f);
	if (q->registry)
		registry_creds_check(q->registry);
	die("%s: HTTP status %ld%s%s%s%s%s", q->object, q->answer.status,
	    what ? ": " : "", what ? what : "", f.message ? " (" : "",
	    f.message ? f.message : "", f.message ? ")" : "");
}

void
refused(const struct request *q)
{
	const char *reason;

	if (q->fault)
		die("%s: %s", q->object, q->fault);
	if (!q->code && q->answer.status == 404 && q->elsewhere)
		die("%s: a layer that the registry doesn't keep (%s)",
		    q->object, q->elsewhere);
	if (!q->code && (!q->taker || q->answer.status / 100 != 2))
		status_refused(q);
	reason = transport_reason(
	    q->code ? q->code : CURLE_PARTIAL_FILE, &q->answer);
	if (q->taker)
		die("%s: %s, after %lld of %lld bytes", q->object, reason,
		    (long long)q->received, (long long)q->size);
	die("%s: %s", q->object, reason);
}
