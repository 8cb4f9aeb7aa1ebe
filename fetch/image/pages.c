/* SPDX-License-Identifier: ISC */
/* Answers that come page by page. */
#include "fetch/image/pages.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/image/reference.h"
#include "fetch/registry/endpoint.h"
#include "fetch/registry/link.h"
#include "fetch/registry/registry.h"
#include "lib/mem.h"

#define PAGES_MAX 10000

void
pages_begin(struct pages *p, const char *path, const char *what)
{
	*p = (struct pages){.path = xstrdup(path), .what = what};
}

/*
 * Whether a path is of the repository, also to a server that decodes it before
 * it takes it apart.
 */
static bool
is_of(const char *path, const char *repository)
{
	char *root = xasprintf("/v2/%s/", repository);
	char *name = xstrndup(path, strcspn(path, "?"));
	bool is = strncmp(name, root, strlen(root)) == 0 &&
		  !strstr(name, "..") && !strcasestr(name, "%2e") &&
		  !strcasestr(name, "%2f");

	free(name);
	free(root);
	return is;
}

/*
 * The path of the page after this one, or NULL.  Of a whole URL too it is the
 * path that counts: behind a proxy a registry gives its own name, or http for
 * https, and whoever asks it knows better.
 */
static char *
path_of_next(const struct pages *p, const struct registry *r, const char *links)
{
	struct route here;
	struct address next;
	char *target = link_next(links), *found;
	const char *why;

	if (!target)
		return NULL;
	registry_route(r, p->path, &here);
	if (address_parse(target, &here.at, &next, &why) < 0)
		die("%s: the next page of %s is %s, which %s", r->ref->host,
		    p->what, target, why);
	if (!is_of(next.path, r->own->ref.repository))
		die("%s: the next page of %s is %s, which is not of the "
		    "repository %s",
		    r->ref->host, p->what, target, r->own->ref.repository);
	found = xstrdup(next.path);
	address_free(&next);
	route_free(&here);
	free(target);
	return found;
}

void
pages_next(
    struct pages *p, const struct registry *r, const struct response *answer)
{
	char *next = path_of_next(p, r, answer->link);

	if (++p->number >= PAGES_MAX && next)
		die("%s/%s: more than %d pages of %s", r->ref->host,
		    r->ref->repository, PAGES_MAX, p->what);
	/* A ring of any size comes by one of the marks (Brent). */
	if ((p->number & (p->number - 1)) == 0) {
		free(p->mark);
		p->mark = xstrdup(p->path);
	}
	if (next && strcmp(next, p->mark) == 0)
		die("%s/%s: the pages of %s go round in circles", r->ref->host,
		    r->ref->repository, p->what);
	free(p->path);
	p->path = next;
}

void
pages_free(struct pages *p)
{
	free(p->path);
	free(p->mark);
}
