/* SPDX-License-Identifier: ISC */
/* One repository of one registry. */
#include "fetch/registry/registry.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/image/reference.h"
#include "fetch/registry/access.h"
#include "fetch/registry/refusal.h"
#include "fetch/registry/server.h"
#include "lib/buf.h"
#include "lib/mem.h"

#define PROBE_MAX (1 << 20) /* bytes of what a server says without TLS */

static void
address_by(const struct registry *r, const char *scheme, struct address *a)
{
	const char *host = r->ref->host, *why;
	char *url;

	if (strcmp(host, "docker.io") == 0)
		host = "registry-1.docker.io";
	url = xasprintf("%s://%s/", scheme, host);
	if (address_parse(url, NULL, a, &why) < 0)
		die_usage("%s: not the address of a host", r->ref->host);
	free(url);
}

/* From now on it is this server, which has to be asked anew for everything. */
static void
server_set(struct registry *r, const struct address *a)
{
	char *scope = xasprintf("repository:%s:pull", r->ref->repository);

	r->server = server_find(&r->transport.servers, a);
	if (r->cert_dir)
		r->server->certs = &r->certs;
	r->access = access_of(&(struct access){
	    .loop = &r->loop,
	    .ref = r->ref,
	    .options = &r->credentials,
	    .server = r->server,
	    .scope = scope,
	});
	free(scope);
}

/*
 * Plain http is for this machine, and never for what https is known by: its
 * port, or certificates that there are for it.
 */
static bool
is_plain(const struct registry *r)
{
	struct address a;
	char *certs;
	bool plain;

	address_by(r, "http", &a);
	certs = certs_place(&a);
	plain = address_is_here(&a) && strcmp(a.port, "443") != 0 && !certs;
	free(certs);
	address_free(&a);
	return plain;
}

void
registry_open(struct registry *r, bool plain)
{
	struct address a;

	address_by(r, plain && is_plain(r) ? "http" : "https", &a);
	transport_open(&r->transport);
	/* A certificate is for a name, whatever the port. */
	if (!r->verify)
		r->transport.trusted = xstrdup(a.host);
	if (r->cert_dir)
		certs_read(&r->certs, r->cert_dir);
	r->loop.transport = &r->transport;
	loop_open(&r->loop);
	server_set(r, &a);
	address_free(&a);
}

void
registry_close(struct registry *r)
{
	loop_close(&r->loop);
	transport_close(&r->transport);
	certs_free(&r->certs);
}

void
registry_route(const struct registry *r, const char *path, struct route *route)
{
	/* Put together whole: seen from a base, "//host" would be one. */
	const char *root = r->server->at.text;
	int n = (int)strlen(root) - 1;
	char *url = *path == '/' ? xasprintf("%.*s%s", n, root, path)
				 : xasprintf("%.*s/v2/%s/%s", n, root,
				       r->ref->repository, path);
	struct address a;
	const char *why;

	if (address_parse(url, NULL, &a, &why) < 0)
		die("%s: it %s", url, why);
	free(url);
	route_begin(route, &a);
}

void
registry_creds_check(const struct registry *r)
{
	bool given = r->credentials.creds || r->credentials.creds_file;

	if (given && !r->access->asked)
		warn("%s: %s has not asked for credentials; they were not sent",
		    r->credentials.creds ? "--creds" : "--creds-file",
		    r->ref->host);
}

static void
ask(struct registry *r, struct request *q)
{
	q->registry = r;
	loop_add(&r->loop, q);
	loop_until(&r->loop, q);
	r->answered = true;
}

void
registry_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer)
{
	struct request q = {
	    .path = path, .accept = accept, .object = object, .max = max};

	ask(r, &q);
	buf_free(body);
	*body = q.body;
	*answer = q.answer;
}

bool
registry_may_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer)
{
	struct request q = {.path = path,
	    .accept = accept,
	    .object = object,
	    .max = max,
	    .judged = true};

	ask(r, &q);
	buf_free(body);
	switch (q.answer.status) {
	case 200:
	case 400:
	case 404:
	case 405:
	case 406:
	case 501:
		break;
	default:
		refused(&q);
	}
	*body = q.body;
	*answer = q.answer;
	return q.answer.status == 200;
}

bool
registry_head(struct registry *r, const char *path, const char *accept,
    const char *object, struct response *answer)
{
	struct request q = {.path = path,
	    .accept = accept,
	    .object = object,
	    .method = "HEAD",
	    .judged = true};
	long status;

	ask(r, &q);
	status = q.answer.status;
	/* Some know no HEAD, and call that this or that. */
	if (status == 429 || (status >= 500 && status != 501))
		refused(&q);
	*answer = q.answer;
	buf_free(&q.body);
	return status / 100 == 2;
}

bool
registry_has(struct registry *r, const char *path, const char *object)
{
	struct request q = {
	    .path = path, .object = object, .method = "HEAD", .judged = true};
	long status;

	ask(r, &q);
	status = q.answer.status;
	if (status / 100 != 2 && status != 404)
		refused(&q);
	request_free(&q);
	return status != 404;
}

bool
registry_settles(const struct registry *r)
{
	return r->probes || r->access->settles;
}

bool
registry_may_probe(const struct registry *r, const struct request *q)
{
	bool tls = strcmp(r->server->at.scheme, "https") == 0;

	return q->tries > r->probed && !r->server->reached && tls &&
	       !q->route.strayed && !q->route.hops &&
	       (q->code == CURLE_SSL_CONNECT_ERROR || !r->verify);
}

/*
 * One that speaks TLS has 400 for what isn't, or sends it on to https, where
 * this has failed already.
 */
static void
probed(void *arg)
{
	struct registry *r = arg;
	long status = r->probe.answer.status;
	bool plain = status != 0 && status != 400 && !r->probe.route.strayed;
	struct address a;

	r->probes = false;
	request_free(&r->probe);
	free(r->probe_url);
	if (!plain)
		return;
	if (r->verify)
		die("%s speaks plain http, not TLS; --tls-verify=false allows "
		    "that",
		    r->ref->host);
	address_by(r, "http", &a);
	server_set(r, &a);
	address_free(&a);
}

void
registry_probe(struct registry *r, const struct request *q)
{
	struct address a;

	address_by(r, "http", &a);
	r->probes = true;
	r->probed = q->tries;
	r->probe_url = xasprintf("%sv2/", a.text);
	address_free(&a);
	r->probe = (struct request){.url = r->probe_url,
	    .object = r->ref->host,
	    .max = PROBE_MAX,
	    .once = true,
	    .ended = probed,
	    .arg = r};
	loop_add(&r->loop, &r->probe);
}
