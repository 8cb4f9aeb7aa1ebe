/* SPDX-License-Identifier: ISC */
/* The servers that are met. */
#include "fetch/registry/server.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "fetch/registry/access.h"
#include "lib/die.h"
#include "lib/mem.h"

#define SERVERS_MAX 256 /* each has its certificates in memory */

int64_t
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
server_make(struct server *s, const struct address *a)
{
	bool https = strcmp(a->scheme, "https") == 0;
	bool usual = strcmp(a->port, https ? "443" : "80") == 0;
	const char *why;
	char *url;

	url = xasprintf("%s://%s%s%s/", a->scheme, a->host, usual ? "" : ":",
	    usual ? "" : a->port);
	*s = (struct server){0};
	if (address_parse(url, NULL, &s->at, &why) < 0)
		die("%s: it %s", url, why);
	free(url);
	s->proxy = proxy_of(&s->at);
	s->certs = &s->found;
	if (https)
		certs_find(&s->found, &s->at);
}

struct server *
server_find(struct server **list, const struct address *a)
{
	struct server *s = *list;
	int n = 0;

	for (; s && !address_same_server(&s->at, a); s = s->next)
		n++;
	if (s)
		return s;
	if (n == SERVERS_MAX)
		die("%s: one server too many, after %d others", a->host, n);
	s = xmalloc(sizeof *s);
	server_make(s, a);
	s->next = *list;
	return *list = s;
}

void
server_spare(struct server *s, int64_t wait)
{
	int64_t until = clock_now() + wait;

	if (until > s->until)
		s->until = until;
}

bool
server_joins(const struct server *s)
{
	return strcmp(s->at.scheme, "https") == 0 &&
	       (s->joining == JOINING_UNKNOWN || s->joining == JOINING_WORKS);
}

void
server_join(struct server *s)
{
	if (s->joining == JOINING_UNKNOWN)
		s->joining = JOINING_TRIED;
	if (s->joined++)
		return;
	s->pulse = clock_now();
	s->came = 0;
}

void
server_part(struct server *s, long version)
{
	s->joined--;
	if (s->joining != JOINING_TRIED)
		return;
	if (!version)
		s->joining = JOINING_UNKNOWN;
	else
		s->joining = version >= CURL_HTTP_VERSION_2_0 ? JOINING_WORKS
							      : JOINING_NOT;
}

void
server_pulse(struct server *s, size_t n)
{
	int64_t now = clock_now();

	s->came += (int64_t)n;
	if (s->came < (now - s->pulse) * SERVER_SLOWEST / 1000)
		return;
	s->pulse = now;
	s->came = 0;
}

void
server_meet(struct server *s, const char *ip)
{
	enum reach reach = reach_of_number(ip);

	if (!s->met || reach < s->nearest)
		s->nearest = reach;
	if (!s->met || reach > s->farthest)
		s->farthest = reach;
	s->met = true;
}

enum reach
server_reach(const struct server *s)
{
	return s->met ? s->farthest : reach_of_address(&s->at);
}

void
server_free(struct server *list)
{
	struct server *next;

	for (; list; list = next) {
		next = list->next;
		address_free(&list->at);
		proxy_free(&list->proxy);
		certs_free(&list->found);
		access_free(list->accesses);
		free(list);
	}
}
