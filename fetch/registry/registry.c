/* SPDX-License-Identifier: ISC */
/* One repository of one registry. */
#include "fetch/registry/registry.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/image/reference.h"
#include "fetch/registry/access.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/endpoints.h"
#include "fetch/registry/refusal.h"
#include "lib/buf.h"
#include "lib/mem.h"

void
registry_open(struct registry *r, bool plain)
{
	struct registries conf;

	if (r->credentials.creds_file &&
	    access(r->credentials.creds_file, R_OK) < 0)
		diesys("%s", r->credentials.creds_file);
	registries_read(&conf, r->registries_conf);
	if (r->ref->hostless)
		registries_check_hostless(&conf, r->ref);
	r->helpers = conf.helpers;
	r->credentials.helpers = &r->helpers;
	conf.helpers = (struct words){0};
	transport_open(&r->transport);
	if (r->cert_dir)
		certs_read(&r->certs, r->cert_dir);
	r->loop.transport = &r->transport;
	loop_open(&r->loop);
	endpoints_make(r, &conf, plain);
	registries_free(&conf);
}

void
registry_close(struct registry *r)
{
	loop_close(&r->loop);
	transport_close(&r->transport);
	certs_free(&r->certs);
	words_free(&r->helpers);
	endpoints_free(r);
}

void
registry_route(const struct registry *r, const char *path, struct route *route)
{
	endpoint_route(r->own, path, route);
}

struct endpoint *
registry_endpoint(
    const struct registry *r, const char *path, struct endpoint *from)
{
	struct endpoint *e = from ? from : r->first;

	if (strncmp(path, "manifests/", 10) != 0 &&
	    strncmp(path, "blobs/", 6) != 0)
		return r->own;
	while (e->left)
		e = e->next;
	return e;
}

void
registry_creds_check(const struct registry *r)
{
	bool given = r->credentials.creds || r->credentials.creds_file;

	if (given && !r->own->access->asked)
		warn("%s: %s has not asked for credentials; they were not sent",
		    r->credentials.creds ? "--creds" : "--creds-file",
		    r->ref->host);
}

static struct request
question(const char *path, const char *accept, size_t max, const char *object)
{
	return (struct request){
	    .path = path, .accept = accept, .object = object, .max = max};
}

static void
ask(struct registry *r, struct request *q)
{
	q->registry = r;
	loop_add(&r->loop, q);
	loop_until(&r->loop, q);
}

void
registry_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer)
{
	struct request q = question(path, accept, max, object);

	ask(r, &q);
	buf_free(body);
	*body = q.body;
	*answer = q.answer;
}

static bool
lacks_object(long status)
{
	return status == 404;
}

static bool
lacks_interface(long status)
{
	return status == 400 || status == 404 || status == 405 ||
	       status == 406 || status == 501;
}

/* Ask, and judge the status: false where that says that there is none. */
static bool
get_unless(struct registry *r, struct request q, bool (*lacks)(long status),
    struct buf *body, struct response *answer)
{
	long status;

	q.judged = true;
	ask(r, &q);
	buf_free(body);
	status = q.answer.status;
	if (status != 200 && !lacks(status))
		refused(&q);
	*body = q.body;
	*answer = q.answer;
	return status == 200;
}

bool
registry_may_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer)
{
	return get_unless(r, question(path, accept, max, object),
	    lacks_interface, body, answer);
}

bool
registry_find(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer)
{
	return get_unless(
	    r, question(path, accept, max, object), lacks_object, body, answer);
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
	const struct endpoint *e = r->first;

	while (e && !endpoint_settles(e))
		e = e->next;
	return e != NULL;
}
