/* SPDX-License-Identifier: ISC */
/* Where an image is asked for, in which order. */
#include "fetch/registry/endpoints.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/registry/endpoint.h"
#include "fetch/registry/registry.h"
#include "lib/mem.h"

static struct endpoint *
endpoint_new(struct registry *r)
{
	struct endpoint *e = xmalloc(sizeof *e);

	*e = (struct endpoint){.registry = r, .verify = true};
	return e;
}

/* What is for whatever server credentials are wanted by, and no one's own. */
static struct credential_options
credentials_of_anyone(const struct registry *r)
{
	return (struct credential_options){
	    .authfile = r->credentials.authfile,
	    .anonymous = r->credentials.anonymous,
	};
}

/* HTTP and REFERENCE of "[http://]HOST[/PREFIX]", for the image's there. */
static const char *
mirror_place(struct endpoint *e, const char *text)
{
	const struct reference *ref = e->registry->ref;
	const char *why = NULL, *at = text;
	size_t n;
	char *name;

	e->http = strncmp(at, "http://", 7) == 0;
	if (e->http || strncmp(at, "https://", 8) == 0)
		at = strstr(at, "://") + 3;
	n = strlen(at);
	while (n && at[n - 1] == '/')
		n--;
	name = xasprintf("%.*s/%s%s%s%s%s", (int)n, at, ref->repository,
	    ref->tag ? ":" : "", ref->tag ? ref->tag : "",
	    ref->digest ? "@" : "", ref->digest ? ref->digest : "");
	if (reference_parse(name, &e->ref, &why) == 0 && e->ref.hostless)
		why = "names no host; give it a port, as in cache:443";
	free(name);
	return why;
}

static struct endpoint *
mirror_named(struct registry *r, const char *text, bool plain)
{
	struct endpoint *e = endpoint_new(r);
	const char *why = mirror_place(e, text);
	char *ns;

	if (why)
		die_usage("--mirror %s: it %s", text, why);
	e->mirror = true;
	e->plain = plain;
	e->name = xstrdup(text);
	e->credentials = credentials_of_anyone(r);
	ns = curl_easy_escape(NULL, r->ref->host, 0);
	if (!ns)
		die("libcurl: no memory");
	e->ns = xstrdup(ns);
	curl_free(ns);
	return e;
}

static struct endpoint *
itself(struct registry *r, bool plain)
{
	struct endpoint *e = endpoint_new(r);

	reference_copy(&e->ref, r->ref);
	e->name = xstrdup(r->ref->host);
	e->verify = r->verify;
	/* Who says how to do TLS means it also for this machine. */
	e->plain = plain && !r->cert_dir;
	e->credentials = r->credentials;
	return e;
}

void
endpoints_make(struct registry *r, bool plain)
{
	struct endpoint **last = &r->first;

	for (size_t i = 0; i < r->mirrors.n; i++) {
		*last = mirror_named(r, r->mirrors.all[i], plain);
		last = &(*last)->next;
	}
	r->own = *last = itself(r, plain);
	for (struct endpoint *e = r->first; e; e = e->next)
		endpoint_open(e);
}

void
endpoints_free(struct registry *r)
{
	struct endpoint *next;

	for (; r->first; r->first = next) {
		next = r->first->next;
		endpoint_free(r->first);
	}
}
