/* SPDX-License-Identifier: ISC */
/* Which proxy stands between here and a server. */
#include "fetch/registry/proxy.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

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

/* The first of these that says something, and where that was. */
static const char *
first(const char *const names[], size_t n, const char **variable)
{
	const char *value;

	for (size_t i = 0; i < n; i++) {
		value = getenv(names[i]);
		*variable = names[i];
		if (value && *value)
			return value;
	}
	return NULL;
}

/* What stands for who asks, as libcurl wants it; owned, or NULL. */
static char *
user_take(CURLU *url)
{
	char *name = NULL, *password = NULL, *both = NULL;

	curl_url_get(url, CURLUPART_USER, &name, 0);
	curl_url_get(url, CURLUPART_PASSWORD, &password, 0);
	if (name || password)
		both = xasprintf(
		    "%s:%s", name ? name : "", password ? password : "");
	curl_free(name);
	curl_free(password);
	return both;
}

static bool
is_known(CURLU *url)
{
	static const char *const known[] = {
	    "http", "https", "socks4", "socks4a", "socks5", "socks5h"};
	char *scheme = NULL;
	bool is = false;

	curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
	for (size_t i = 0; scheme && i < sizeof known / sizeof *known; i++)
		is |= strcasecmp(scheme, known[i]) == 0;
	curl_free(scheme);
	return is;
}

/* Behind the host a proxy's URL says nothing, as libcurl has it. */
static const CURLUPart behind[] = {
    CURLUPART_PATH, CURLUPART_QUERY, CURLUPART_FRAGMENT};
#define BEHIND (sizeof behind / sizeof *behind)

/* With an '@' there, what looks like the host is the user. */
static bool
is_user_behind(CURLU *url)
{
	char *text;
	bool is = false;

	for (size_t i = 0; i < BEHIND; i++) {
		text = NULL;
		curl_url_get(url, behind[i], &text, 0);
		is |= text && strchr(text, '@');
		curl_free(text);
	}
	return is;
}

/*
 * libcurl shows the whole URL in some messages: it never sees the user in it,
 * nor what may be a part of a password.
 */
static struct proxy
parse(const char *text, const char *variable)
{
	CURLU *url = curl_url();
	struct proxy p = {.variable = variable};
	char *whole = NULL, *full;

	if (!url)
		die("out of memory");
	full =
	    strstr(text, "://") ? xstrdup(text) : xasprintf("http://%s", text);
	if (curl_url_set(url, CURLUPART_URL, full, CURLU_NON_SUPPORT_SCHEME) ||
	    !is_known(url))
		die("%s: not the URL of a proxy that is known: of http, "
		    "https, socks4, socks4a, socks5 or socks5h",
		    variable);
	if (is_user_behind(url))
		die("%s: no URL: in a user's name or password a '/' is written "
		    "%%2F, '?' %%3F, and '#' %%23",
		    variable);
	free(full);
	for (size_t i = 0; i < BEHIND; i++)
		if (curl_url_set(url, behind[i], NULL, 0))
			die("out of memory");
	p.user = user_take(url);
	if (curl_url_set(url, CURLUPART_USER, NULL, 0) ||
	    curl_url_set(url, CURLUPART_PASSWORD, NULL, 0) ||
	    curl_url_set(url, CURLUPART_OPTIONS, NULL, 0) ||
	    curl_url_get(url, CURLUPART_URL, &whole, 0))
		die("out of memory");
	p.url = xstrdup(whole);
	if (p.url[strlen(p.url) - 1] == '/')
		p.url[strlen(p.url) - 1] = '\0';
	curl_free(whole);
	curl_url_cleanup(url);
	return p;
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
	const char *variable, *spared = first(none, 2, &variable), *url;

	if (address_is_here(a) || (spared && proxy_is_spared(spared, a)))
		return (struct proxy){0};
	url = https ? first(names, 4, &variable) : first(plain, 3, &variable);
	return url ? parse(url, variable) : (struct proxy){0};
}

void
proxy_free(struct proxy *p)
{
	free(p->url);
	free(p->user);
	*p = (struct proxy){0};
}
