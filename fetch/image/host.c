/* SPDX-License-Identifier: ISC */
/* Hosts of names. */
#include "fetch/image/host.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/mem.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

size_t
host_length(const char *text)
{
	size_t n = strcspn(text, *text == '[' ? "]" : "/:@");

	return n + (text[n] == ']');
}

static bool
port_valid(const char *s)
{
	size_t n = strspn(s, DIGITS);

	return n > 0 && n <= 5 && s[n] == '\0' && atol(s) <= 65535;
}

/*
 * Whether it is a name, or an address of four numbers.  Other ways of writing
 * one, as 127.1 and 0x7f000001, are known to libcurl and to no rule.
 */
static bool
name_valid(const char *s, size_t n)
{
	char *name = xstrndup(s, n), *last = strrchr(name, '.');
	struct in_addr four;
	bool valid;

	last = last ? last + 1 : name;
	valid = (last[strspn(last, DIGITS)] != '\0' &&
		    strncasecmp(last, "0x", 2) != 0) ||
		inet_pton(AF_INET, name, &four) == 1;
	free(name);
	return valid;
}

/* The address in brackets as everybody writes it; owned, NULL: it is none. */
static char *
six_normal(const char *host)
{
	size_t n = host_length(host);
	char *text, out[INET6_ADDRSTRLEN];
	struct in6_addr six;
	bool is;

	if (*host != '[' || host[n - 1] != ']')
		return NULL;
	text = xstrndup(host + 1, n - 2);
	is = inet_pton(AF_INET6, text, &six) == 1;
	free(text);
	if (!is)
		return NULL;
	if (IN6_IS_ADDR_V4MAPPED(&six)) {
		inet_ntop(AF_INET, six.s6_addr + 12, out, sizeof out);
		return xasprintf("%s%s", out, host + n);
	}
	inet_ntop(AF_INET6, &six, out, sizeof out);
	return xasprintf("[%s]%s", out, host + n);
}

static bool
six_valid(const char *host)
{
	char *six = six_normal(host);
	size_t n = host_length(host);
	bool valid =
	    six && (!host[n] || (host[n] == ':' && port_valid(host + n + 1)));

	free(six);
	return valid;
}

bool
host_valid(const char *host)
{
	const char *s = host;
	size_t n;

	if (*s == '[')
		return six_valid(s);
	for (;;) {
		n = strspn(s, DIGITS LETTERS "-");
		if (n == 0 || *s == '-' || s[n - 1] == '-')
			return false;
		s += n;
		if (*s == '\0' || *s == ':')
			break;
		if (*s++ != '.')
			return false;
	}
	return name_valid(host, (size_t)(s - host)) &&
	       (*s == '\0' || port_valid(s + 1));
}

static bool
is_hub(const char *host)
{
	static const char *const names[] = {
	    HOST_HUB, "index.docker.io", "registry-1.docker.io"};
	size_t n = host_length(host);

	if (host[n] && strcmp(host + n, ":443") != 0)
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == n &&
		    strncasecmp(host, names[i], n) == 0)
			return true;
	return false;
}

char *
host_normal(const char *host)
{
	char *six = six_normal(host);

	if (six)
		return six;
	return xstrdup(is_hub(host) ? HOST_HUB : host);
}
