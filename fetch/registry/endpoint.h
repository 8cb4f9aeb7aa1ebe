/* SPDX-License-Identifier: ISC */
/*
 * A place where a repository is asked for: its registry, or a mirror of that.
 * What a mirror can't serve, for whatever reason, is asked for at the next.
 */
#ifndef FETCH_REGISTRY_ENDPOINT_H
#define FETCH_REGISTRY_ENDPOINT_H

#include <stdbool.h>

#include "fetch/auth/authfile.h"
#include "fetch/image/reference.h"
#include "fetch/registry/request.h"
#include "fetch/registry/route.h"

struct access;
struct address;
struct registry;
struct server;

struct endpoint {
	/* Set by its maker. */
	struct endpoint *next;     /* to be asked after it; NULL: it is last */
	struct registry *registry; /* whose it is */
	struct reference ref;      /* of the image there; owned */
	bool mirror;               /* it isn't the registry itself */
	bool verify; /* its certificate has to be right, and plain http not */
	bool plain;  /* by http where it is on this machine, */
	bool http;   /* or wherever it is */
	struct credential_options credentials;
	char *name;    /* as the user has it, for messages; owned */
	char *ns;      /* the registry's name, which it is told; or NULL */
	char *blocked; /* why it may not be asked; NULL: it may */

	struct server *server;
	struct access *access; /* to the repository there */
	bool answered;         /* anything but a refusal to speak */
	bool probes;           /* it is asked whether it speaks plain http */
	unsigned probed; /* after so many tries of a request it has been */
	struct request probe;
	char *probe_url;

	bool served;     /* a mirror has had something, */
	bool warned;     /* or not, which was said; */
	unsigned faults; /* so often it couldn't answer: */
	bool left;       /* it isn't asked any more */
};

/* With the registry's transport and loop open.  Dies of a wrong address. */
void endpoint_open(struct endpoint *e);
void endpoint_free(struct endpoint *e);

/* Die of one that may not be asked. */
void endpoint_check(const struct endpoint *e);

/* Begin a request's way for manifests/..., blobs/..., tags/list or /... . */
void endpoint_route(
    const struct endpoint *e, const char *path, struct route *route);

/* Whether something is being found out that requests have to wait for. */
bool endpoint_settles(const struct endpoint *e);

/*
 * Whether a request that TLS couldn't be spoken for is reason to find out
 * whether the endpoint speaks plain http; and to do so.  Nothing is shown to
 * it.  If it does it is asked so from then on where that may be, or else this
 * dies.
 */
bool endpoint_may_probe(const struct endpoint *e, const struct request *q);
void endpoint_probe(struct endpoint *e, const struct request *q);

/* A request is done: it has answered. */
void endpoint_answered(struct endpoint *e, struct request *q);

/*
 * A request to a mirror has come to nothing: say so, once, and ask it for
 * nothing more when it is of no use.
 */
void endpoint_failed(struct endpoint *e, const struct request *q);

#endif
