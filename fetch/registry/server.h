/* SPDX-License-Identifier: ISC */
/*
 * The servers that are met, one object for each scheme, host and port: what
 * is shown to one, and what it has said for all that is asked of it.
 */
#ifndef FETCH_REGISTRY_SERVER_H
#define FETCH_REGISTRY_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/registry/address.h"
#include "fetch/registry/certs.h"
#include "fetch/registry/proxy.h"
#include "fetch/registry/reach.h"

struct access;

struct server {
	struct server *next;
	struct address at;   /* of its path: nothing */
	struct certs *certs; /* for https; borrowed when the user named them */
	struct certs found;
	size_t pair; /* of certs, that it is shown; npairs: none, any more */
	struct proxy proxy;      /* by which it is met */
	struct access *accesses; /* to it, for each scope that was asked for */
	bool insecure;           /* its certificate need not be right */
	bool reached; /* it has answered once, if only with a refusal */
	bool met;     /* without a proxy between, at a reach: */
	enum reach nearest, farthest;
	int64_t until; /* clock_now before which nothing is to be asked */
	bool busy;     /* its last word was 429 */
	bool trial;    /* one request finds out whether it is still so */
};

/* Milliseconds of the clock that all waits are measured by. */
int64_t clock_now(void);

/*
 * The server of an address in a list, which is NULL when it is empty; it is
 * added with the certificates of its places when it isn't there.  Dies of the
 * 257th.
 */
struct server *server_find(struct server **list, const struct address *a);

/* Ask nothing of it for wait milliseconds from now. */
void server_spare(struct server *s, int64_t wait);

/* Note the IP address at which it has answered. */
void server_meet(struct server *s, const char *ip);

/* How far away it is: where it was met, or else as it is written. */
enum reach server_reach(const struct server *s);

void server_free(struct server *list);

#endif
