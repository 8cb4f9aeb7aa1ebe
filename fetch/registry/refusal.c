/* SPDX-License-Identifier: ISC */
/* What a refusal means, and what to do about it. */
#include <stdlib.h>
#include <string.h>

#include "fetch/image/reference.h"
#include "fetch/registry/access.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/refusal.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/request.h"
#include "fetch/registry/server.h"
#include "fetch/registry/verdict.h"
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
missing(const struct reference *ref, const char *path, const char *code)
{
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

/* Who was let in no further; owned. */
static char *
denied(const struct request *q)
{
	const char *what = "access denied, or there is no such repository";
	const struct access *a = q->access;

	if (q->route.strayed)
		return xstrdup("access denied");
	if (!a || !a->authorization || !a->found.from)
		return xstrdup(what);
	if (a->found.user)
		return xasprintf("%s; it was shown the credentials of %s in %s",
		    what, a->found.user, a->found.from);
	return xasprintf(
	    "%s; it was shown a token for the one in %s", what, a->found.from);
}

/* What was shown and not taken, or what to show; owned. */
static char *
certificate_wanted(const struct server *s)
{
	const struct certs *c = s->certs;
	struct buf b = {0};

	if (!c->npairs && c->locked) {
		buf_addf(&b,
		    "it wants a certificate of its client, and the key %s is "
		    "encrypted; nobody is asked for its password",
		    c->locked);
		return buf_take(&b);
	}
	if (!c->npairs) {
		buf_adds(&b, "it wants a certificate of its client: put "
			     "NAME.cert and NAME.key into ");
		if (c->dir)
			buf_adds(&b, c->dir);
		else
			buf_addf(&b, "/etc/containers/certs.d/%s:%s",
			    s->at.host, s->at.port);
		return buf_take(&b);
	}
	buf_adds(&b, "it doesn't take the certificate ");
	for (size_t i = 0; i < c->npairs; i++)
		buf_addf(&b, "%s%s", i ? ", nor " : "", c->pairs[i].cert);
	if (c->locked)
		buf_addf(&b, "; the key %s is encrypted", c->locked);
	return buf_take(&b);
}

/* What else is to be said of an HTTP status; owned, or NULL. */
static char *
hint(const struct request *q, const struct refusal *f)
{
	const struct endpoint *e = q->endpoint;
	long status = q->answer.status, wait = q->answer.retry_after;

	if (verdict_wants_certificate(q))
		return certificate_wanted(q->server);
	if (status == 401 || status == 403)
		return denied(q);
	if ((status == 429 || status == 503) && wait > 0)
		return xasprintf("%s; it wants to be left alone for %ld "
				 "seconds",
		    status == 429 ? "too many requests" : "it can't answer now",
		    wait);
	if (status == 429)
		return xstrdup("too many requests");
	if (status == 407)
		return xstrdup("the proxy doesn't let these credentials "
			       "through, or wants some");
	if (status == 404 && e)
		return missing(&e->ref, q->path, f->code);
	if (status == 400 && e && !e->answered && !q->route.strayed &&
	    strcmp(q->server->at.scheme, "http") == 0)
		return xstrdup("if it speaks TLS, give --tls-verify");
	return NULL;
}

/* What else belongs to a message about it; owned, or NULL. */
static char *
about(const struct request *q)
{
	const struct proxy *p = &q->server->proxy;
	struct buf b = {0};

	if (q->route.strayed)
		buf_addf(
		    &b, "by %s, where it was sent on to", q->server->at.text);
	if (q->fault && *q->answer.encoding)
		buf_addf(&b,
		    "%sit was sent with Content-Encoding %s, which "
		    "nobody asked for",
		    b.len ? "; " : "", q->answer.encoding);
	if (p->url && (q->code || q->answer.status == 407)) {
		buf_addf(&b, "%sby the proxy %s of %s", b.len ? "; " : "",
		    p->url, p->variable);
	}
	if (q->tries > 1)
		buf_addf(&b, "%stried %u times", b.len ? "; " : "", q->tries);
	return b.len ? buf_take(&b) : NULL;
}

static char *
status_reason(const struct request *q)
{
	struct refusal f;
	char *what, *text;

	refusal_parse(&f, &q->body);
	what = hint(q, &f);
	text = xasprintf("HTTP status %ld%s%s%s%s%s", q->answer.status,
	    what ? ": " : "", what ? what : "", f.message ? " (" : "",
	    f.message ? f.message : "", f.message ? ")" : "");
	free(what);
	cJSON_Delete(f.json);
	return text;
}

static char *
joined(const char *before, char *text)
{
	char *both = xasprintf("%s%s", before, text);

	free(text);
	return both;
}

/* What a failure without an answer means, besides its reason; owned. */
static char *
code_hint(const struct request *q, const char *reason)
{
	const struct server *s = q->server;

	if (q->answer.tunnel == 407)
		return xstrdup(": the proxy doesn't let these credentials "
			       "through, or wants some");
	if (q->answer.tunnel / 100 == 4)
		return xasprintf(": the proxy doesn't let anybody through to "
				 "%s:%s",
		    s->at.host, s->at.port);
	if (verdict_wants_certificate(q))
		return joined(": ", certificate_wanted(s));
	if (verdict_may_want_certificate(q))
		return joined(": perhaps ", certificate_wanted(s));
	if (q->code == CURLE_PEER_FAILED_VERIFICATION &&
	    (strstr(reason, "issuer") || strstr(reason, "signed")))
		return xasprintf(": an unknown authority; its certificate goes "
				 "to /etc/containers/certs.d/%s:%s/ca.crt, or "
				 "to --cert-dir",
		    s->at.host, s->at.port);
	return xstrdup("");
}

/* Of no answer, or of less than there should be. */
static char *
code_reason(const struct request *q)
{
	const char *reason =
	    response_reason(&q->answer, q->code ? q->code : CURLE_PARTIAL_FILE);
	char *what = code_hint(q, reason), *text;

	if (q->taker)
		text = xasprintf("%s, after %lld of %lld bytes%s", reason,
		    (long long)q->received, (long long)q->size, what);
	else
		text = xasprintf("%s%s", reason, what);
	free(what);
	return text;
}

static bool
is_status(const struct request *q)
{
	return !q->code && (!q->taker || q->answer.status / 100 != 2);
}

/* What is wrong, without what belongs to it; owned. */
static char *
plain_reason(const struct request *q)
{
	if (q->fault)
		return xstrdup(q->fault);
	if (!q->code && q->answer.status == 404 && q->elsewhere)
		return xasprintf("a layer that the registry doesn't keep (%s)",
		    q->elsewhere);
	return is_status(q) ? status_reason(q) : code_reason(q);
}

char *
refusal_reason(const struct request *q)
{
	char *more = about(q), *reason = plain_reason(q), *text;

	if (!more)
		return reason;
	text = xasprintf("%s (%s)", reason, more);
	free(more);
	free(reason);
	return text;
}

void
refused(const struct request *q)
{
	char *reason = refusal_reason(q);

	if (q->registry && !q->fault && is_status(q))
		registry_creds_check(q->registry);
	die("%s: %s", q->object, reason);
}
