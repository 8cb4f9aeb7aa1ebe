/* SPDX-License-Identifier: ISC */
/* Which proxy stands between here and a server. */
#include "fetch/registry/proxy.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/registry/address.h"
#include "lib/mem.h"

#define SEPARATORS ", \t\n"

/* An IP address as 16 bytes, an IPv4 one within IPv6 (RFC 4291, 2.5.5.2). */
static bool
ip_parse(const char *text, unsigned char ip[16])
{
	static const unsigned char within[12] = {[10] = 0xff, [11] = 0xff};

	memcpy(ip, within, sizeof within);
	return inet_pton(AF_INET, text, ip + 12) == 1 ||
	       inet_pton(AF_INET6, text, ip) == 1;
}

/* Whether host is an address of the range ADDRESS/BITS, or ADDRESS. */
static bool
range_has(char *range, const char *host)
{
	char *slash = strchr(range, '/'), *end;
	unsigned char all[16], one[16];
	unsigned long bits = 128;

	if (slash) {
		*slash = '\0';
		bits = strtoul(slash + 1, &end, 10);
		if (end == slash + 1 || *end || bits > 128)
			return false;
		if (!strchr(range, ':'))
			bits += 96;
	}
	if (!ip_parse(range, all) || !ip_parse(host, one) || bits > 128)
		return false;
	if (memcmp(all, one, bits / 8) != 0)
		return false;
	return bits % 8 == 0 ||
	       (all[bits / 8] ^ one[bits / 8]) >> (8 - bits % 8) == 0;
}

/* Whether host is of the domain: itself, where that has no dot before it. */
static bool
domain_has(const char *domain, const char *host)
{
	size_t n, m = strlen(host);

	if (strncmp(domain, "*.", 2) == 0)
		domain++;
	if (*domain == '.' && strcasecmp(domain + 1, host) == 0)
		return true; /* as curl has it */
	n = strlen(domain);
	if (n == 0 || n > m || strcasecmp(host + m - n, domain) != 0)
		return false;
	return n == m || *domain == '.' || host[m - n - 1] == '.';
}

/* Take ":PORT" off an entry: whether it is the server's, or there is none. */
static bool
port_fits(char *entry, const char *port)
{
	char *bracket = strchr(entry, ']');
	char *colon = strchr(bracket ? bracket : entry, ':');
	bool fits = true;

	/* With more than one colon and no bracket it is an IPv6 address. */
	if (colon && (bracket || !strchr(colon + 1, ':'))) {
		fits = strcmp(colon + 1, port) == 0;
		*colon = '\0';
	}
	if (*entry == '[' && bracket) {
		*bracket = '\0';
		memmove(entry, entry + 1, strlen(entry));
	}
	return fits;
}

static bool
entry_names(char *entry, const char *host, const char *port)
{
	size_t n;

	if (strcmp(entry, "*") == 0)
		return true;
	if (!port_fits(entry, port))
		return false;
	n = strlen(entry);
	if (n > 1 && entry[n - 1] == '.') /* the root's own dot */
		entry[n - 1] = '\0';
	return domain_has(entry, host) || range_has(entry, host);
}

bool
proxy_is_spared(const char *list, const struct address *a)
{
	bool v6 = *a->host == '[';
	char *host = xstrdup(a->host + v6), *entry;
	size_t n = strlen(host);
	bool spared = false;

	if (n > 1 && (v6 || host[n - 1] == '.'))
		host[n - 1] = '\0';
	for (; *list && !spared; list += strcspn(list, SEPARATORS)) {
		list += strspn(list, SEPARATORS);
		entry = xstrndup(list, strcspn(list, SEPARATORS));
		spared = *entry && entry_names(entry, host, a->port);
		free(entry);
	}
	free(host);
	return spared;
}

/* The first of these that says something. */
static struct proxy
first(const char *const names[], size_t n)
{
	const char *value;

	for (size_t i = 0; i < n; i++) {
		value = getenv(names[i]);
		if (value && *value)
			return (struct proxy){value, names[i]};
	}
	return (struct proxy){0};
}

struct proxy
proxy_of(const struct address *a)
{
	/* HTTP_PROXY is what a web server makes of a client's header. */
	static const char *const names[] = {
	    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
	static const char *const plain[] = {
	    "http_proxy", "all_proxy", "ALL_PROXY"};
	static const char *const none[] = {"no_proxy", "NO_PROXY"};
	bool https = strcmp(a->scheme, "https") == 0;
	const char *spared = first(none, 2).url;

	if (address_is_here(a) || (spared && proxy_is_spared(spared, a)))
		return (struct proxy){0};
	return https ? first(names, 4) : first(plain, 3);
}

char *
proxy_name(const struct proxy *p)
{
	const char *scheme = strstr(p->url, "://");
	const char *host = scheme ? scheme + 3 : p->url;
	const char *at = strrchr(host, '@');

	return xasprintf(
	    "%.*s%s", (int)(host - p->url), p->url, at ? at + 1 : host);
}
