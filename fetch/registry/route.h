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

struct response;

struct route {
	struct address at;
	bool strayed;  /* has been at another server than the first */
	unsigned hops; /* redirects so far */
};

/* Begin at an address; it becomes the route's. */
void route_begin(struct route *route, struct address *first);

/* Whether an answer sends on to another place. */
bool route_is_on(const struct response *answer);

/*
 * Whether the answer sends elsewhere, and then to go there.  Dies, naming
 * object, of a place that isn't gone to: no http or https, https left for
 * http, user information, one redirect too many.
 */
bool route_follow(
    struct route *route, const struct response *answer, const char *object);
void route_free(struct route *route);

#endif
