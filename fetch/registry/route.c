/* SPDX-License-Identifier: ISC */
/* A request's way from server to server. */
#include "fetch/registry/route.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/registry/response.h"
#include "lib/mem.h"

#define REDIRECTS_MAX 10

void
route_begin(struct route *route, struct address *first)
{
	*route = (struct route){.at = *first, .reach = reach_of_address(first)};
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

char *
route_follow(struct route *route, const struct response *answer)
{
	const char *why, *host = route->at.host;
	enum reach reach;
	struct address next;
	char *wrong = NULL, *remedy;

	if (route->hops == REDIRECTS_MAX)
		return xasprintf("more than %d redirects", REDIRECTS_MAX);
	if (address_parse(answer->location, &route->at, &next, &why) < 0)
		return xasprintf("%s redirects to %s, which %s", host,
		    answer->location, why);
	reach = reach_of_address(&next);
	why = reach_fault(reach, route->reach, &next);
	if (strcmp(route->at.scheme, "https") == 0 &&
	    strcmp(next.scheme, "https") != 0) {
		wrong =
		    xasprintf("%s redirects from https to %s", host, next.text);
	} else if (why) {
		remedy = reach_remedy(&next);
		wrong = xasprintf("%s redirects to %s, which %s%s", host,
		    next.text, why, remedy);
		free(remedy);
	}
	if (wrong) {
		address_free(&next);
		return wrong;
	}
	/* Whoever has had a say in it since then isn't the first server. */
	if (!address_same_server(&route->at, &next)) {
		route->strayed = true;
		if (route->reach > route->nearest)
			route->nearest = route->reach;
	}
	address_free(&route->at);
	route->at = next;
	route->reach = reach;
	route->hops++;
	return NULL;
}

void
route_free(struct route *route)
{
	address_free(&route->at);
}
