/* SPDX-License-Identifier: ISC */
/*
 * What one server is shown as authorization for one scope, and how another is
 * had: credentials, what /v2/ asks for, a token.  All of that goes on beside
 * the requests, and those for it wait.
 */
#ifndef FETCH_REGISTRY_ACCESS_H
#define FETCH_REGISTRY_ACCESS_H

#include <stdbool.h>

#include "fetch/auth/authfile.h"
#include "fetch/auth/credentials.h"
#include "fetch/auth/search.h"
#include "fetch/auth/token.h"
#include "fetch/registry/request.h"

struct loop;
struct reference;
struct server;

struct access {
	struct access *next; /* of the same server */
	struct loop *loop;
	const struct reference *ref; /* whose credentials; borrowed */
	const struct credential_options *options;
	struct server *server;
	char *scope;         /* for a challenge that names none */
	bool mild;           /* of a mirror: to have none isn't fatal */
	char *authorization; /* a header line, or NULL */
	unsigned number;     /* counts those there have been */
	bool asked;          /* for one, by a challenge */
	bool settles;        /* another is being looked for */

	struct credentials found; /* when they were looked for */
	bool looked;
	bool pinged;     /* /v2/ has been asked for a challenge */
	char *challenge; /* the last one that was understood, or NULL */
	void (*then)(struct access *a); /* after the search */
	struct search search;
	struct token token;
	struct request ping;
	char *ping_url;
};

/*
 * That of set's server for set's ref and scope, which is borrowed; made with
 * loop, options and mild when there is none.
 */
struct access *access_of(const struct access *set);
void access_free(struct access *list);

/* Show what there is, if the request's way hasn't led to anybody else. */
void access_show(const struct access *a, struct request *q);

/* Whether q was sent with what there is now, and no other has come since. */
bool access_is_last(const struct access *a, const struct request *q);

/* Whether the answer means that an authorization is wanted, or another. */
bool access_denied(const struct access *a, const struct request *q);

/* Whether it may mean that, so that /v2/ is to be asked. */
bool access_may_hide(const struct access *a, const struct response *answer);

/*
 * After one of these: look for another, unless that has happened since q was
 * sent.  An answer that doesn't say how is taken to want what the last one
 * did.  a->settles is true until that has ended: with another number there
 * is another authorization, with the same number there is none.  Dies, unless
 * it is mild, when one is needed and not to be had.
 */
void access_refused(struct access *a, const struct request *q, bool hidden);

#endif
