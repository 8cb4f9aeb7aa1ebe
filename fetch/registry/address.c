/* SPDX-License-Identifier: ISC */
/* Addresses of servers. */
#include "fetch/registry/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "lib/mem.h"

/* A part of a URL, owned; NULL when it has none. */
static char *
part(CURLU *url, CURLUPart which)
{
	char *text = NULL, *copy = NULL;

	if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) ==
	    CURLUE_OUT_OF_MEMORY)
		die("out of memory");
	if (text)
		copy = xstrdup(text);
	curl_free(text);
	return copy;
}

static bool
has(CURLU *url, CURLUPart which)
{
	char *text = part(url, which);

	free(text);
	return text != NULL;
}

/*
 * The characters of a name, or of an address in brackets.  libcurl decodes a
 * %7F there, and takes no text with what that stands for.
 */
static bool
host_valid(const char *host)
{
	for (; *host; host++)
		if (!isalnum((unsigned char)*host) && !strchr("-._:[]", *host))
			return false;
	return true;
}

static const char *
fault(CURLU *url, const struct address *a)
{
	if (!a->scheme || !a->host || !*a->host ||
	    (strcmp(a->scheme, "http") != 0 && strcmp(a->scheme, "https") != 0))
		return "is not an http or https URL";
	if (has(url, CURLUPART_USER) || has(url, CURLUPART_PASSWORD) ||
	    has(url, CURLUPART_OPTIONS))
		return "has a user name in it";
	/* It would name one of several hosts that look alike. */
	if (has(url, CURLUPART_ZONEID))
		return "has an IPv6 zone in it";
	if (!host_valid(a->host))
		return "has characters in its host that no host has";
	return NULL;
}

/* The whole without what is added to a part, such as the default port. */
static char *
whole(CURLU *url)
{
	char *text, *copy;

	if (curl_url_get(url, CURLUPART_URL, &text, 0))
		die("out of memory");
	copy = xstrdup(text);
	curl_free(text);
	return copy;
}

static void
parts_take(CURLU *url, struct address *a)
{
	char *path = part(url, CURLUPART_PATH);
	char *query = part(url, CURLUPART_QUERY);

	*a = (struct address){
	    .scheme = part(url, CURLUPART_SCHEME),
	    .host = part(url, CURLUPART_HOST),
	    .port = part(url, CURLUPART_PORT),
	    .path = xasprintf("%s%s%s", path ? path : "/", query ? "?" : "",
		query ? query : ""),
	};
	for (char *c = a->host; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	free(path);
	free(query);
}

int
address_parse(const char *text, const struct address *base, struct address *a,
    const char **why)
{
	CURLU *url = curl_url();
	CURLUcode code;

	if (!url || (base && curl_url_set(url, CURLUPART_URL, base->text, 0)))
		die("out of memory");
	/* Spaces are coded, as everybody does for what servers write. */
	code = curl_url_set(
	    url, CURLUPART_URL, text, CURLU_URLENCODE | CURLU_ALLOW_SPACE);
	if (code == CURLUE_OUT_OF_MEMORY ||
	    curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0))
		die("out of memory");
	*a = (struct address){0};
	*why = code ? "is not an http or https URL" : NULL;
	if (!*why) {
		parts_take(url, a);
		*why = fault(url, a);
	}
	if (*why)
		address_free(a);
	else
		a->text = whole(url);
	curl_url_cleanup(url);
	return *why ? -1 : 0;
}

void
address_free(struct address *a)
{
	free(a->text);
	free(a->scheme);
	free(a->host);
	free(a->port);
	free(a->path);
	*a = (struct address){0};
}

/* The number that a host is in brackets. */
static bool
six_of(const char *host, struct in6_addr *six)
{
	size_t n = strlen(host);
	char text[INET6_ADDRSTRLEN];

	if (host[0] != '[' || n - 2 >= sizeof text)
		return false;
	memcpy(text, host + 1, n - 2);
	text[n - 2] = '\0';
	return inet_pton(AF_INET6, text, six) == 1;
}

bool
address_is_here(const struct address *a)
{
	struct in6_addr six;
	struct in_addr four;

	if (strcmp(a->host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, a->host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return six_of(a->host, &six) && IN6_IS_ADDR_LOOPBACK(&six);
}

bool
address_is_private(const struct address *a)
{
	return strcmp(a->scheme, "https") == 0 || address_is_here(a);
}

bool
address_same_host(const struct address *a, const struct address *b)
{
	return strcmp(a->host, b->host) == 0 && strcmp(a->port, b->port) == 0;
}

bool
address_same_server(const struct address *a, const struct address *b)
{
	return strcmp(a->scheme, b->scheme) == 0 && address_same_host(a, b);
}
