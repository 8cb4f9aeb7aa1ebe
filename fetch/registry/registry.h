/* SPDX-License-Identifier: ISC */
/*
 * One repository of one registry (distribution-spec, "Pull"): its URLs, what
 * it is shown as authorization, and its small answers.
 */
#ifndef FETCH_REGISTRY_REGISTRY_H
#define FETCH_REGISTRY_REGISTRY_H

#include "fetch/auth/authfile.h"
#include "fetch/config/registries.h"
#include "fetch/registry/address.h"
#include "fetch/registry/certs.h"
#include "fetch/registry/loop.h"
#include "fetch/registry/request.h"
#include "fetch/registry/response.h"
#include "fetch/registry/route.h"
#include "fetch/registry/transport.h"
#include "lib/options.h"

struct endpoint;
struct reference;
struct stock;

struct registry {
	const struct reference *ref;
	const struct stock *stock; /* looked at before it is asked; NULL */
	struct transport transport;
	struct loop loop;
	struct credential_options credentials;
	struct option_list mirrors;  /* of those that are asked before it */
	const char *registries_conf; /* of more of them; NULL: its places */
	const char *cert_dir; /* of certificates for it; NULL: its places */
	bool verify; /* its certificate has to be right, and plain http not */
	struct certs certs;     /* of cert_dir */
	struct words helpers;   /* of credentials, by registries.conf */
	struct endpoint *first; /* where it is asked for things, in order */
	struct endpoint *own;   /* the last of them: the registry itself */
};

/*
 * With ref, stock, credentials, mirrors, registries_conf, cert_dir, verify,
 * transport.timeout and loop.jobs set.  plain: by http where a server is on
 * this machine, but for the registry itself with a cert_dir.
 */
void registry_open(struct registry *r, bool plain);
void registry_close(struct registry *r);

/* A request's way for tags/list or /... at the registry itself. */
void registry_route(
    const struct registry *r, const char *path, struct route *route);

/*
 * Where a path is asked for that was asked for at from, NULL when nowhere so
 * far: there, unless it isn't asked any more, or at the next.  Manifests and
 * blobs alone are asked of mirrors, which need not have all there is of else.
 */
struct endpoint *registry_endpoint(
    const struct registry *r, const char *path, struct endpoint *from);

/*
 * GET a small answer of at most max bytes.  path is as above; accept a header
 * line, or NULL.  Dies on any other answer than 200, naming object.
 */
void registry_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer);

/*
 * The same: false where it isn't to be had there, by the status of a registry
 * that knows no such thing.
 */
bool registry_may_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer);

/* The same: false of 404 alone. */
bool registry_find(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer);

/*
 * HEAD of it: false when there is none to be had, by whatever status but that
 * of a failure, which this dies of.
 */
bool registry_head(struct registry *r, const char *path, const char *accept,
    const char *object, struct response *answer);

/* Whether it has something there, of 404; dies on what is neither. */
bool registry_has(struct registry *r, const char *path, const char *object);

/* Whether something is being found out that requests have to wait for. */
bool registry_settles(const struct registry *r);

/* Warn of --creds that nobody was shown, because nobody asked. */
void registry_creds_check(const struct registry *r);

#endif
