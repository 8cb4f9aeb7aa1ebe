/* SPDX-License-Identifier: ISC */
/* From how far away a server is met. */
#include "fetch/registry/reach.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/registry/address.h"
#include "fetch/registry/certs.h"
#include "fetch/registry/interfaces.h"
#include "lib/mem.h"

/* Linux takes a connection to 0.0.0.0 for one to 127.0.0.1. */
static enum reach
of_four(const struct in_addr *four)
{
	uint32_t n = ntohl(four->s_addr);

	if (n >> 24 == 127 || n >> 24 == 0 || n >> 16 == 0xa9fe)
		return REACH_HERE;
	if (n >> 24 == 10 || n >> 20 == 0xac1 || n >> 16 == 0xc0a8 ||
	    n >> 22 == 0x191) /* 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 */
		return REACH_NETWORK;
	return interfaces_have(AF_INET, four) ? REACH_OWN : REACH_PUBLIC;
}

/*
 * That a socket of IPv6 may connect to an IPv4 address is in the number, as is
 * that of whom NAT64 leads to (RFC 6052, 2.1).
 */
static enum reach
of_six(const struct in6_addr *six)
{
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
	struct in_addr four;

	memcpy(&four, six->s6_addr + 12, sizeof four);
	if (IN6_IS_ADDR_V4MAPPED(six) || memcmp(six, nat64, sizeof nat64) == 0)
		return of_four(&four);
	if (IN6_IS_ADDR_LOOPBACK(six) || IN6_IS_ADDR_UNSPECIFIED(six) ||
	    IN6_IS_ADDR_LINKLOCAL(six))
		return REACH_HERE;
	if ((six->s6_addr[0] & 0xfe) == 0xfc)
		return REACH_NETWORK;
	return interfaces_have(AF_INET6, six) ? REACH_OWN : REACH_PUBLIC;
}

static enum reach
of_name(const char *name)
{
	static const char local[] = "localhost";
	size_t n = strlen(name), m = sizeof local - 1;

	return n >= m && strcmp(name + n - m, local) == 0 &&
		       (n == m || name[n - m - 1] == '.')
		   ? REACH_HERE
		   : REACH_PUBLIC;
}

enum reach
reach_of_number(const char *ip)
{
	struct in6_addr six;
	struct in_addr four;
	char *text = xstrndup(ip, strcspn(ip, "%")); /* a zone is a link's */
	enum reach reach;

	if (inet_pton(AF_INET, text, &four) == 1)
		reach = of_four(&four);
	else if (inet_pton(AF_INET6, text, &six) == 1)
		reach = of_six(&six);
	else
		reach = of_name(text);
	free(text);
	return reach;
}

enum reach
reach_of_address(const struct address *a)
{
	bool six = *a->host == '[';
	char *host = xstrdup(a->host + six);
	size_t n = strlen(host);
	enum reach reach;

	if (n && (six || host[n - 1] == '.'))
		host[n - 1] = '\0';
	reach = reach_of_number(host);
	free(host);
	return reach;
}

enum reach
reach_of_socket(const struct sockaddr *name)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (name->sa_family == AF_INET) {
		memcpy(&four, name, sizeof four);
		return of_four(&four.sin_addr);
	}
	if (name->sa_family == AF_INET6) {
		memcpy(&six, name, sizeof six);
		return of_six(&six.sin6_addr);
	}
	return REACH_HERE;
}

/*
 * Who wrote an address that is here named no server of anybody's; but a name
 * may stand for it by the machine's own /etc/hosts.
 */
static bool
may_be_known(const struct address *a)
{
	return reach_of_address(a) != REACH_HERE;
}

static bool
is_known(const struct address *a)
{
	char *certs = may_be_known(a) ? certs_place(a) : NULL;

	free(certs);
	return certs;
}

const char *
reach_fault(enum reach reach, enum reach from, const struct address *a)
{
	if (reach >= from || is_known(a))
		return NULL;
	if (reach == REACH_HERE)
		return "is a server of this machine or its link";
	return reach == REACH_OWN ? "is on an interface of this machine"
				  : "is a server of a private network";
}

char *
reach_remedy(const struct address *a)
{
	bool usual = strcmp(a->port, "443") == 0;

	if (!may_be_known(a))
		return xstrdup("");
	return xasprintf("; to trust it, make the directory "
			 "%s/containers/certs.d/%s%s%s",
	    geteuid() ? "~/.config" : "/etc", a->host, usual ? "" : ":",
	    usual ? "" : a->port);
}
