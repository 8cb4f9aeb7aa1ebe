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

/* Why an address may not be asked; owned, NULL: it may. */
static char *
fault(const struct registry *r, const char *url)
{
	struct address a;
	const char *why;
	char *text = NULL, *remedy;

	if (address_parse(url, NULL, &a, &why) < 0)
		return xstrdup(why);
	/* What is at home here is no other's to send anybody to. */
	why =
	    reach_fault(reach_of_address(&a), server_reach(r->own->server), &a);
	if (why) {
		remedy = reach_remedy(&a);
		text =
		    xasprintf("%s, which the registry is not%s", why, remedy);
		free(remedy);
	} else if (!address_is_private(&a)) {
		text = xstrdup("is neither https nor on this machine");
	}
	address_free(&a);
	return text;
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

struct urls {
	const char *all[URLS_MAX + 1]; /* borrowed */
	size_t n;
};

/*
 * Take the addresses that are worth a try: until one is sure to have the layer
 * they are asked, and those behind that may still stand in for it.
 */
static const char *
sort(struct registry *r, const struct descriptor *layer, const cJSON *list,
    struct urls *maybe)
{
	const char *sure = NULL, *url;
	const cJSON *item;
	char *why;
	int n = 0, has;

	cJSON_ArrayForEach(item, list)
	{
		url = cJSON_GetStringValue(item);
		if (!url || ++n > URLS_MAX)
			break;
		why = fault(r, url);
		if (why && !sure)
			warn("%s: %s isn't asked for it: it %s", layer->digest,
			    url, why);
		has = why ? -1 : sure ? 0 : ask(r, layer, url);
		free(why);
		if (has > 0)
			sure = url;
		else if (has == 0)
			maybe->all[maybe->n++] = url;
	}
	return sure;
}

char **
foreign_find(struct registry *r, const struct descriptor *layer)
{
	const char *why, *sure;
	cJSON *json = json_parse(layer->json, strlen(layer->json), &why);
	struct urls maybe = {0};
	char **found = NULL, **end;

	sure = sort(r, layer, json_get(json, "urls"), &maybe);
	if (sure || maybe.n) {
		end = found = xcalloc(maybe.n + 2, sizeof *found);
		if (sure)
			*end++ = xstrdup(sure);
		for (size_t i = 0; i < maybe.n; i++)
			*end++ = xstrdup(maybe.all[i]);
	}
	cJSON_Delete(json);
	return found;
}

void
foreign_free(char **urls)
{
	for (char **url = urls; url && *url; url++)
		free(*url);
	free(urls);
}
