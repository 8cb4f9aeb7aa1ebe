/* SPDX-License-Identifier: ISC */
/*
 * A request's way from server to server.  Redirects are followed here, not
 * by libcurl, so that certificate, proxy and Authorization are decided for
 * each address that is met.
 */
#ifndef FETCH_REGISTRY_ROUTE_H
#define FETCH_REGISTRY_ROUTE_H

#include <stdbool.h>

#include "fetch/registry/address.h"
#include "fetch/registry/reach.h"

struct response;

struct route {
	struct address at;
	bool strayed;       /* has been at another server than the first */
	unsigned hops;      /* redirects so far */
	enum reach reach;   /* of who is at it, as far as that is known, */
	enum reach nearest; /* and how near it may turn out to be */
};

/* Begin at an address; it becomes the route's. */
void route_begin(struct route *route, struct address *first);

/* Whether an answer sends on to another place. */
bool route_is_on(const struct response *answer);

/*
 * Go where an answer sends on to: NULL, or why that isn't gone to, owned: it is
 * no http or https, leaves https for http, leads nearer to this machine than
 * who sends there (fetch/registry/reach.h), has user information, is one
 * redirect too many.
 */
char *route_follow(struct route *route, const struct response *answer);
void route_free(struct route *route);

#endif
