/* SPDX-License-Identifier: ISC */
/* A place where a repository is asked for. */
#include "fetch/registry/endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/registry/access.h"
#include "fetch/registry/refusal.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/server.h"
#include "lib/mem.h"

#define PROBE_MAX (1 << 20) /* bytes of what a server says without TLS */
#define FAULTS_MAX 3        /* of a mirror that has served something */

static void
address_by(const struct endpoint *e, const char *scheme, struct address *a)
{
	const char *host = e->ref.host, *why;
	char *url;

	if (strcmp(host, "docker.io") == 0)
		host = "registry-1.docker.io";
	url = xasprintf("%s://%s/", scheme, host);
	if (address_parse(url, NULL, a, &why) < 0)
		die_usage("%s: not the address of a host", e->ref.host);
	free(url);
}

/* From now on it is this server, which has to be asked anew for everything. */
static void
server_set(struct endpoint *e, const struct address *a)
{
	struct registry *r = e->registry;
	char *scope = xasprintf("repository:%s:pull", e->ref.repository);

	e->server = server_find(&r->transport.servers, a);
	if (r->cert_dir && !e->mirror)
		e->server->certs = &r->certs;
	if (!e->verify)
		e->server->insecure = true;
	e->access = access_of(&(struct access){
	    .loop = &r->loop,
	    .ref = &e->ref,
	    .options = &e->credentials,
	    .server = e->server,
	    .scope = scope,
	    .mild = e->mirror,
	});
	free(scope);
}

/*
 * Plain http is for this machine, and never for what https is known by: its
 * port, or certificates that there are for it.
 */
static bool
is_plain(const struct endpoint *e)
{
	struct address a;
	char *certs;
	bool plain;

	address_by(e, "http", &a);
	certs = certs_place(&a);
	plain = address_is_here(&a) && strcmp(a.port, "443") != 0 && !certs;
	free(certs);
	address_free(&a);
	return plain;
}

void
endpoint_open(struct endpoint *e)
{
	bool http = e->http || (e->plain && is_plain(e));
	struct address a;

	address_by(e, http ? "http" : "https", &a);
	/* A user means the host, whatever the port; a file means its server. */
	if (!e->mirror && !e->registry->verify)
		transport_trust(&e->registry->transport, a.host);
	server_set(e, &a);
	address_free(&a);
}

void
endpoint_free(struct endpoint *e)
{
	reference_free(&e->ref);
	free(e->name);
	free(e->ns);
	free(e->blocked);
	free(e);
}

void
endpoint_check(const struct endpoint *e)
{
	if (e->blocked)
		die("%s", e->blocked);
}

void
endpoint_route(const struct endpoint *e, const char *path, struct route *route)
{
	/* Put together whole: seen from a base, "//host" would be one. */
	const char *root = e->server->at.text, *why;
	int n = (int)strlen(root) - 1;
	char *url = *path == '/' ? xasprintf("%.*s%s", n, root, path)
				 : xasprintf("%.*s/v2/%s/%s%s%s", n, root,
				       e->ref.repository, path,
				       e->ns ? "?ns=" : "", e->ns ? e->ns : "");
	struct address a;

	endpoint_check(e);
	if (address_parse(url, NULL, &a, &why) < 0)
		die("%s: it %s", url, why);
	free(url);
	route_begin(route, &a);
}

bool
endpoint_settles(const struct endpoint *e)
{
	return e->probes || e->access->settles;
}

bool
endpoint_may_probe(const struct endpoint *e, const struct request *q)
{
	bool tls = strcmp(e->server->at.scheme, "https") == 0;

	/* Of a mirror there is nothing to be said that another isn't better. */
	if (e->mirror && e->verify)
		return false;
	return q->tries > e->probed && !e->server->reached && tls &&
	       !q->route.strayed && !q->route.hops &&
	       (q->code == CURLE_SSL_CONNECT_ERROR || !e->verify);
}

/*
 * One that speaks TLS has 400 for what isn't, or sends it on to https, where
 * this has failed already.
 */
static void
probed(void *arg)
{
	struct endpoint *e = arg;
	long status = e->probe.answer.status;
	bool plain = status != 0 && status != 400 && !e->probe.route.strayed;
	struct address a;

	e->probes = false;
	request_free(&e->probe);
	free(e->probe_url);
	if (!plain)
		return;
	if (e->verify)
		die("%s speaks plain http, not TLS; --tls-verify=false allows "
		    "that",
		    e->ref.host);
	address_by(e, "http", &a);
	server_set(e, &a);
	address_free(&a);
}

void
endpoint_probe(struct endpoint *e, const struct request *q)
{
	struct address a;

	address_by(e, "http", &a);
	e->probes = true;
	e->probed = q->tries;
	e->probe_url = xasprintf("%sv2/", a.text);
	address_free(&a);
	e->probe = (struct request){.url = e->probe_url,
	    .object = e->ref.host,
	    .max = PROBE_MAX,
	    .once = true,
	    .ended = probed,
	    .arg = e};
	loop_add(&e->registry->loop, &e->probe);
}

void
endpoint_answered(struct endpoint *e, struct request *q)
{
	e->answered = true;
	e->served = e->mirror;
	q->answer.mirror = e->mirror ? e->name : q->helped;
}

/* It is there and simply hasn't got this; some that keep files say 403. */
static bool
is_lacking(const struct request *q)
{
	long status = q->answer.status;

	return !q->code && !q->fault && status / 100 == 4 && status != 401 &&
	       status != 407 && status != 429;
}

void
endpoint_failed(struct endpoint *e, const struct request *q)
{
	char *reason;

	if (!e->warned) {
		reason = refusal_reason(q);
		warn("%s: not had from the mirror %s: %s", q->object, e->name,
		    reason);
		free(reason);
	}
	e->warned = true;
	if (is_lacking(q))
		return;
	e->faults++;
	/* What it is shown won't change, nor who has never been of use. */
	e->left =
	    !e->served || e->faults == FAULTS_MAX || q->answer.status == 401;
}
