/* SPDX-License-Identifier: ISC */
/* Layers that only their owner gives away. */
#include "fetch/image/foreign.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/registry/endpoint.h"
#include "fetch/registry/registry.h"
#include "fetch/registry/server.h"
#include "lib/descriptor.h"
#include "lib/json.h"
#include "lib/mem.h"

#define URLS_MAX 16 /* of a layer, that are asked */

bool
foreign_is(const struct descriptor *layer)
{
	return strstr(layer->media_type, ".foreign.") ||
	       strstr(layer->media_type, ".nondistributable.");
}

/* Whether an address may be asked at all. */
static bool
is_allowed(
    const struct registry *r, const struct descriptor *layer, const char *url)
{
	struct address a;
	const char *why, *near, *but = "";
	bool allowed = false;

	if (address_parse(url, NULL, &a, &why) == 0) {
		allowed = address_is_private(&a);
		why = "is neither https nor on this machine";
		/* What is at home here is no other's to send anybody to. */
		near = reach_fault(
		    reach_of_address(&a), server_reach(r->own->server), &a);
		if (near) {
			allowed = false;
			why = near;
			but = ", which the registry is not";
		}
		address_free(&a);
	}
	if (!allowed)
		warn("%s: %s isn't asked for it: it %s%s", layer->digest, url,
		    why, but);
	return allowed;
}

/* Whether it has the layer: 1; 0: it doesn't say; -1: no. */
static int
ask(struct registry *r, const struct descriptor *layer, const char *url)
{
	struct request q = {.url = url,
	    .object = layer->digest,
	    .method = "HEAD",
	    .judged = true,
	    .once = true,
	    .nearest = server_reach(r->own->server),
	    .confined = true};
	const struct response *a = &q.answer;
	int has = -1;

	loop_add(&r->loop, &q);
	loop_until(&r->loop, &q);
	if (q.fault)
		warn("%s: %s: %s", layer->digest, url, q.fault);
	else if (a->status / 100 == 2)
		has = a->length < 0 || a->length == layer->size ? 1 : -1;
	/* An address that is good for one kind of request, or one for all. */
	else if (a->status == 403 || a->status == 405 || a->status == 501)
		has = 0;
	request_free(&q);
	return has;
}

char *
foreign_find(struct registry *r, const struct descriptor *layer)
{
	const char *why, *url;
	cJSON *json = json_parse(layer->json, strlen(layer->json), &why);
	const cJSON *item;
	char *found = NULL;
	int n = 0, has = -1, most = -1;

	cJSON_ArrayForEach(item, json_get(json, "urls"))
	{
		url = cJSON_GetStringValue(item);
		if (!url || ++n > URLS_MAX || most == 1)
			break;
		if (!is_allowed(r, layer, url))
			continue;
		has = ask(r, layer, url);
		if (has <= most)
			continue;
		most = has;
		free(found);
		found = xstrdup(url);
	}
	cJSON_Delete(json);
	return found;
}
