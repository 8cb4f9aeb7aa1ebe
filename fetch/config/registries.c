/* SPDX-License-Identifier: ISC */
/* Which rule is a name's, and what it makes of it. */
#include "fetch/config/registries.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/image/host.h"
#include "fetch/image/reference.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/mem.h"

static bool
is_port(const char *text, size_t n, const char *port)
{
	return strlen(port) == n && strncmp(text, port, n) == 0;
}

/* Bytes of the domain's host at the beginning of a reference; 0: another's. */
static size_t
domain_match(const char *ref, const char *domain)
{
	size_t host = host_length(ref), n = strlen(domain);

	/* It is asked at registry-1.docker.io, which is of that domain. */
	if (host == strlen(HOST_HUB) && strcasecmp(domain, "." HOST_HUB) == 0 &&
	    strncasecmp(ref, HOST_HUB, host) == 0)
		return host;
	if (host <= n || strncasecmp(ref + host - n, domain, n) != 0)
		return 0;
	return host +
	       (is_port(ref + host, strcspn(ref + host, "/"), ":443") ? 4 : 0);
}

/* By plain http, and so at another port, only this machine is asked. */
static bool
is_usual(const char *host, const char *port, size_t n)
{
	size_t m = host_length(host);
	bool here =
	    (m == 9 && strncasecmp(host, "localhost", m) == 0) ||
	    (m == 5 && strncmp(host, "[::1]", m) == 0) ||
	    (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == m);

	return is_port(port, n, ":443") || (here && is_port(port, n, ":80"));
}

/* Of one host, whether two ports, with their colon or none, are the same. */
static bool
same_port(const char *host, const char *a, size_t n, const char *b, size_t m)
{
	if (!n || !m)
		return n == m || is_usual(host, n ? a : b, n ? n : m);
	return n == m && strncmp(a, b, n) == 0;
}

/*
 * Bytes of the reference that the prefix stands for; 0: none.  The host, which
 * comes first, is the same in upper and lower case, and with the port that it
 * has anyway; alone and without one it stands for any, as podman has it.
 */
static size_t
match(const char *ref, const char *prefix)
{
	size_t n = host_length(prefix), host = host_length(ref);
	size_t port = strcspn(prefix + n, "/"), its = strcspn(ref + host, "/");
	const char *rest = prefix + n + port;
	size_t all = host + its + strlen(rest);

	if (strncmp(prefix, "*.", 2) == 0)
		return domain_match(ref, prefix + 1);
	if (!n || n != host || strncasecmp(ref, prefix, n) != 0)
		return 0;
	if (!same_port(ref, prefix + n, port, ref + host, its))
		return port || *rest ? 0 : host;
	if (strncmp(ref + host + its, rest, strlen(rest)) != 0)
		return 0;
	return !ref[all] || strchr(":/@", ref[all]) ? all : 0;
}

/* The more of a name a prefix says; of as much, a host beats a domain. */
static size_t
weight(const char *prefix)
{
	return 2 * strlen(prefix) + (*prefix != '*');
}

const struct rule *
registries_find(const struct registries *c, const char *ref)
{
	const struct rule *best = NULL;

	for (size_t i = 0; i < c->nrules; i++) {
		const struct rule *r = &c->rules[i];

		if (match(ref, r->prefix) &&
		    (!best || weight(r->prefix) > weight(best->prefix)))
			best = r;
	}
	return best;
}

char *
rule_rewrite(const struct rule *r, const char *location, const char *ref)
{
	if (!location)
		return xstrdup(ref);
	return xasprintf("%s%s", location, ref + match(ref, r->prefix));
}

static const struct alias *
alias_of(const struct registries *c, const char *name)
{
	for (size_t i = c->naliases; i-- > 0;)
		if (strcmp(c->aliases[i].name, name) == 0)
			return *c->aliases[i].value ? &c->aliases[i] : NULL;
	return NULL;
}

/* What is behind the name; owned. */
static char *
rest(const struct reference *ref)
{
	return xasprintf("%s%s%s%s", ref->tag ? ":" : "",
	    ref->tag ? ref->tag : "", ref->digest ? "@" : "",
	    ref->digest ? ref->digest : "");
}

static bool
is_hub(const char *host)
{
	return strcmp(host, "docker.io") == 0;
}

/* Of each registry that is searched, what the name would be there; owned. */
static char *
choices(const struct registries *c, const struct reference *ref,
    const char *name, const char *more)
{
	struct buf b = {0};

	for (size_t i = 0; i < c->searched.n; i++)
		buf_addf(&b, "%s%s/%s%s", i ? " or " : "", c->searched.all[i],
		    is_hub(c->searched.all[i]) ? ref->repository : name, more);
	return b.len ? buf_take(&b)
		     : xasprintf("docker.io/%s%s, say", ref->repository, more);
}

static _Noreturn void
ambiguous(
    const char *name, const char *more, const char *file, const char *which)
{
	die_usage("%s%s: name its registry, too: %s (%s has that for names "
		  "without one)",
	    name, more, which, file);
}

void
registries_check_hostless(
    const struct registries *c, const struct reference *ref)
{
	const char *name = ref->repository;
	const struct alias *a;
	char *hub, *more = rest(ref);

	if (strncmp(name, "library/", 8) == 0)
		name += 8;
	a = alias_of(c, name);
	hub = xasprintf("docker.io/%s", ref->repository);
	if (a && strcmp(a->value, hub) != 0)
		ambiguous(name, more, a->file,
		    xasprintf("%s%s, say", a->value, more));
	if (!a && c->searched.file &&
	    !(c->searched.n == 1 && is_hub(c->searched.all[0])))
		ambiguous(
		    name, more, c->searched.file, choices(c, ref, name, more));
	free(hub);
	free(more);
}

void
rule_free(struct rule *r)
{
	for (size_t i = 0; i < r->nmirrors; i++)
		free(r->mirrors[i].location);
	free(r->mirrors);
	free(r->prefix);
	free(r->location);
	free(r->file);
}

void
words_free(struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->all[i]);
	free(w->all);
	free(w->file);
	*w = (struct words){0};
}

void
registries_free(struct registries *c)
{
	for (size_t i = 0; i < c->nrules; i++)
		rule_free(&c->rules[i]);
	for (size_t i = 0; i < c->naliases; i++) {
		free(c->aliases[i].name);
		free(c->aliases[i].value);
		free(c->aliases[i].file);
	}
	words_free(&c->searched);
	words_free(&c->helpers);
	free(c->rules);
	free(c->aliases);
	*c = (struct registries){0};
}
