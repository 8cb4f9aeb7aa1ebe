/* SPDX-License-Identifier: ISC */
/* The addresses of this machine's network interfaces. */
#include "fetch/registry/interfaces.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

static bool
is_same(const struct sockaddr *a, int family, const void *address)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (!a || a->sa_family != family)
		return false;
	if (family == AF_INET) {
		memcpy(&four, a, sizeof four);
		return !memcmp(&four.sin_addr, address, sizeof four.sin_addr);
	}
	memcpy(&six, a, sizeof six);
	return !memcmp(&six.sin6_addr, address, sizeof six.sin6_addr);
}

bool
interfaces_have(int family, const void *address)
{
	static struct ifaddrs *all; /* until the process ends */
	static bool asked;

	/* Where there is no netlink(7) nothing is known of them. */
	if (!asked && getifaddrs(&all))
		all = NULL;
	asked = true;
	for (const struct ifaddrs *i = all; i; i = i->ifa_next)
		if (is_same(i->ifa_addr, family, address))
			return true;
	return false;
}
