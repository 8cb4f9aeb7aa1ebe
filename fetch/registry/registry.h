/* SPDX-License-Identifier: ISC */
/*
 * One repository of one registry (distribution-spec, "Pull"): its URLs, what
 * it is shown as authorization, and its small answers.
 */
#ifndef FETCH_REGISTRY_REGISTRY_H
#define FETCH_REGISTRY_REGISTRY_H

#include "fetch/auth/authfile.h"
#include "fetch/auth/credentials.h"
#include "fetch/registry/address.h"
#include "fetch/registry/route.h"
#include "fetch/registry/transport.h"

struct reference;
struct token;

struct registry {
	const struct reference *ref;
	struct address server;
	struct transport transport;
	struct credential_options credentials;
	struct credentials found; /* when they were looked for */
	bool looked;
	bool asked;                    /* for them, by a challenge */
	bool pinged;                   /* /v2/ has been asked for a challenge */
	bool may_fall;                 /* to http, when it doesn't speak TLS */
	bool reached;                  /* it has answered once */
	char *challenge;               /* the last one, or NULL */
	char *authorization;           /* a header line, or NULL */
	struct token *token;           /* that is being asked for, or NULL */
	unsigned authorization_number; /* counts those there have been */
};

/*
 * With ref, credentials and may_fall set, and of the transport what its
 * caller sets.  plain: by http where the registry is on this machine.
 */
void registry_open(struct registry *r, bool plain);
void registry_close(struct registry *r);

/* Begin a request for manifests/..., blobs/..., tags/list or /... . */
void registry_route(
    const struct registry *r, const char *path, struct route *route);

/* Add the authorization, if it may be shown where the route is now. */
void registry_authorization_add(const struct registry *r,
    const struct route *route, struct curl_slist **headers);

/* Whether there are credentials for it; they are looked for, once. */
bool registry_has_credentials(struct registry *r);

/* Whether an answer there says that an authorization is needed, or another. */
bool registry_denies(
    const struct registry *r, const struct route *route, long status);

/*
 * After that to a request that bore authorization number sent: get another,
 * unless that has happened meanwhile.  An answer that doesn't say how is taken
 * to want what the last one did.  Dies when there is none to be had.  A token
 * has only begun then to be asked for: r->token is for its caller to start and
 * perform, beside whatever is on its way, and nothing new is to be asked
 * without it.
 */
void registry_authorize(
    struct registry *r, const struct response *answer, unsigned sent);

/* r->token's handle ended in code; r->token is NULL when the token is there. */
void registry_token_finish(struct registry *r, CURLcode code);

/* Wait until it is, where nothing is on its way. */
void registry_token_wait(struct registry *r);

/*
 * GET a small answer of at most max bytes, with authorization and as many
 * tries as it takes.  path is as above, or an absolute one that begins with
 * '/'; accept a header line, or NULL.  Where the answer is no and doesn't
 * say who is let in, /v2/ is asked for that, as Docker does.  Dies on any
 * other answer than 200, naming object.
 */
void registry_get(struct registry *r, const char *path, const char *accept,
    size_t max, const char *object, struct buf *body, struct response *answer);

/* Warn of --creds that nobody was shown, because nobody asked. */
void registry_creds_check(const struct registry *r);

/* Die of an answer that isn't the one that path, as above, was asked for. */
_Noreturn void registry_refused(const struct registry *r, const char *path,
    long status, const struct buf *body, const char *object);

/* Die of a request that was sent where route is now, and had no answer. */
_Noreturn void registry_failed(const struct registry *r,
    const struct route *route, CURLcode code, const struct response *answer,
    const char *object);

#endif
