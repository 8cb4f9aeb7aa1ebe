/* SPDX-License-Identifier: ISC */
/* Where an image is asked for, in which order. */
#include "fetch/registry/endpoints.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
	    .helpers = &r->helpers,
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
	if (reference_parse(name, &e->ref, &why) < 0)
		why = "must be [http://]HOST[:PORT][/PREFIX], the prefix in "
		      "lower case";
	else if (e->ref.hostless)
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
		die_usage("--mirror %s: %s", text, why);
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

/* A reference as a rule has it elsewhere; dies of one that is none. */
static void
ref_rewrite(struct endpoint *e, const struct rule *rule, const char *location)
{
	char *name = reference_text(e->registry->ref);
	char *there = rule_rewrite(rule, location, name);
	const char *why = NULL;

	if (reference_parse(there, &e->ref, &why) == 0 && e->ref.hostless)
		why = "names no host; give it a port, as in cache:443";
	if (why)
		die("%s: %s would be %s there: it %s", rule->file, name, there,
		    why);
	free(name);
	free(there);
}

/* Whether it is blocked, now that the rule of that name was looked at. */
static bool
forbid(struct endpoint *e, const struct rule *rule, const char *name)
{
	if (rule && rule->blocked && !e->blocked)
		e->blocked = xasprintf(
		    "%s is blocked by %s, %s", name, rule->file, rule->prefix);
	return e->blocked;
}

/* Whether a rule for the place itself forbids to ask there. */
static bool
is_blocked(struct endpoint *e, const struct registries *conf)
{
	char *name = reference_text(&e->ref);
	bool blocked = forbid(e, registries_find(conf, name), name);

	free(name);
	return blocked;
}

static struct endpoint *
mirror_of(struct registry *r, const struct rule *rule, const struct source *s,
    bool plain)
{
	struct endpoint *e = endpoint_new(r);

	ref_rewrite(e, rule, s->location);
	e->mirror = true;
	/* Who asks for TLS on the command line gets it from everybody. */
	e->verify = !s->insecure || (r->verify && !plain);
	e->plain = plain;
	e->name = xstrdup(s->location);
	e->credentials = credentials_of_anyone(r);
	return e;
}

static bool
is_meant(const struct source *s, const struct reference *ref)
{
	return s->use == SOURCE_ALL ||
	       (s->use == SOURCE_DIGESTS) == !!ref->digest;
}

static struct endpoint *
itself(struct registry *r, const struct rule *rule, bool plain)
{
	struct endpoint *e = endpoint_new(r);

	if (rule)
		ref_rewrite(e, rule, rule->location);
	else
		reference_copy(&e->ref, r->ref);
	e->name = xstrdup(r->ref->host);
	e->verify = r->verify && !(plain && rule && rule->insecure);
	/* Who says how to do TLS means it also for this machine. */
	e->plain = plain && !r->cert_dir;
	/* What was given is for the host that was named. */
	e->credentials = strcasecmp(e->ref.host, r->ref->host) == 0
			     ? r->credentials
			     : credentials_of_anyone(r);
	return e;
}

/* The end of the list, with one more in it that may be asked. */
static struct endpoint **
append(
    struct endpoint **last, struct endpoint *e, const struct registries *conf)
{
	if (is_blocked(e, conf) && e->mirror) {
		endpoint_free(e);
		return last;
	}
	*last = e;
	endpoint_open(e);
	return &e->next;
}

void
endpoints_make(struct registry *r, const struct registries *conf, bool plain)
{
	struct endpoint **last = &r->first;
	char *name = reference_text(r->ref);
	const struct rule *rule = registries_find(conf, name);

	for (size_t i = 0; i < r->mirrors.n; i++)
		last = append(
		    last, mirror_named(r, r->mirrors.all[i], plain), conf);
	for (size_t i = 0; rule && i < rule->nmirrors; i++)
		if (is_meant(&rule->mirrors[i], r->ref))
			last = append(last,
			    mirror_of(r, rule, &rule->mirrors[i], plain), conf);
	r->own = itself(r, rule, plain);
	/* What is blocked is the name, wherever the rule has it. */
	forbid(r->own, rule, name);
	append(last, r->own, conf);
	if (r->first == r->own)
		endpoint_check(r->own);
	free(name);
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
