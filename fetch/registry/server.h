/* SPDX-License-Identifier: ISC */
/*
 * The servers that are met, one object for each scheme, host and port: what
 * is shown to one, and what it has said for all that is asked of it.
 */
#ifndef FETCH_REGISTRY_SERVER_H
#define FETCH_REGISTRY_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/registry/address.h"
#include "fetch/registry/certs.h"
#include "fetch/registry/proxy.h"
#include "fetch/registry/reach.h"

struct access;

enum joining {
	JOINING_UNKNOWN,
	JOINING_TRIED, /* by one request; the others don't wait for that */
	JOINING_WORKS,
	JOINING_NOT /* or it has failed */
};

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
	enum joining joining; /* whether it has HTTP/2 */
	unsigned joined; /* requests on their way that may share connections, */
	int64_t pulse;   /* clock_now when they last got on, */
	int64_t came;    /* and bytes to them since then */
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

#define SERVER_SLOWEST 512 /* bytes a second, or it counts as nothing */

/*
 * Whether a request may share a connection; one that does begins, ends, with
 * the version of HTTP, a CURL_HTTP_VERSION or 0, that it was answered by, or
 * gets bytes.  Which of them a server sends first is its own affair: none has
 * stalled as long as they all together get on.
 */
bool server_joins(const struct server *s);
void server_join(struct server *s);
void server_part(struct server *s, long version);
void server_pulse(struct server *s, size_t n);

/* Note the IP address at which it has answered. */
void server_meet(struct server *s, const char *ip);

/* How far away it is: where it was met, or else as it is written. */
enum reach server_reach(const struct server *s);

void server_free(struct server *list);

#endif
