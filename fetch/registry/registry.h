/* SPDX-License-Identifier: ISC */
/*
 * One repository of one registry (distribution-spec, "Pull"): its URLs, what
 * it is shown as authorization, and its small answers.
 */
#ifndef FETCH_REGISTRY_REGISTRY_H
#define FETCH_REGISTRY_REGISTRY_H

#include "fetch/auth/authfile.h"
#include "fetch/registry/address.h"
#include "fetch/registry/certs.h"
#include "fetch/registry/loop.h"
#include "fetch/registry/request.h"
#include "fetch/registry/route.h"
#include "fetch/registry/transport.h"

struct access;
struct reference;
struct server;

struct registry {
	const struct reference *ref;
	struct transport transport;
	struct loop loop;
	struct credential_options credentials;
	const char *cert_dir; /* of certificates for it; NULL: its places */
	bool verify; /* its certificate has to be right, and plain http not */
	struct certs certs; /* of cert_dir */
	struct server *server;
	struct access *access; /* to the repository there */
	bool answered;         /* anything but a refusal to speak */
	bool probes;           /* it is asked whether it speaks plain http */
	unsigned probed; /* after so many tries of a request it has been */
	struct request probe;
	char *probe_url;
};

/*
 * With ref, credentials, cert_dir, verify, transport.timeout and loop.jobs
 * set.  plain: by http where the registry is on this machine.
 */
void registry_open(struct registry *r, bool plain);
void registry_close(struct registry *r);

/* Begin a request's way for manifests/..., blobs/..., tags/list or /... . */
void registry_route(
    const struct registry *r, const char *path, struct route *route);

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

/*
 * Whether a request that TLS couldn't be spoken for is reason to find out
 * whether the registry speaks plain http; and to do so.  Nothing is shown to
 * it.  If it does it is asked so from then on where that may be, or else this
 * dies.
 */
bool registry_may_probe(const struct registry *r, const struct request *q);
void registry_probe(struct registry *r, const struct request *q);

/* Warn of --creds that nobody was shown, because nobody asked. */
void registry_creds_check(const struct registry *r);

#endif
