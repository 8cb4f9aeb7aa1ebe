/* SPDX-License-Identifier: ISC */
/* A request's way from server to server. */
#include "fetch/registry/route.h"

#include <string.h>

#include "fetch/registry/transport.h"
#include "lib/die.h"

#define REDIRECTS_MAX 10

void
route_begin(struct route *route, struct address *first)
{
	*route = (struct route){.at = *first};
	*first = (struct address){0};
}

/* Those that say where the same is to be asked for (RFC 9110, 15.4). */
bool
route_is_on(const struct response *answer)
{
	switch (answer->status) {
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return *answer->location;
	default:
		return false;
	}
}

bool
route_follow(
    struct route *route, const struct response *answer, const char *object)
{
	const char *why;
	struct address next;

	if (!route_is_on(answer))
		return false;
	if (route->hops == REDIRECTS_MAX)
		die("%s: more than %d redirects", object, REDIRECTS_MAX);
	if (address_parse(answer->location, &route->at, &next, &why) < 0)
		die("%s: %s redirects to %s, which %s", object, route->at.host,
		    answer->location, why);
	if (strcmp(route->at.scheme, "https") == 0 &&
	    strcmp(next.scheme, "https") != 0)
		die("%s: %s redirects from https to %s", object, route->at.host,
		    next.text);
	/* Whoever has had a say in it since then isn't the first server. */
	if (!address_same_server(&route->at, &next))
		route->strayed = true;
	address_free(&route->at);
	route->at = next;
	route->hops++;
	return true;
}

void
route_free(struct route *route)
{
	address_free(&route->at);
}
