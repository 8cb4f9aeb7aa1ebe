/* SPDX-License-Identifier: ISC */
/* Which proxy stands between here and a server. */
#ifndef FETCH_REGISTRY_PROXY_H
#define FETCH_REGISTRY_PROXY_H

#include <stdbool.h>

struct address;

struct proxy {
	char *url;  /* without a user; NULL: none */
	char *user; /* "USER:PASSWORD", coded as in the URL, or NULL */
	const char *variable; /* that names it */
};

/*
 * Of https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY for https, and http_proxy,
 * all_proxy, ALL_PROXY for http, the first that is not empty, as curl has them.
 * A server on this machine has none, nor has one that no_proxy names.  Dies
 * when it is none that is known, without showing what may be a password.
 */
struct proxy proxy_of(const struct address *a);
void proxy_free(struct proxy *p);

/*
 * Whether a list as of no_proxy or NO_PROXY names a server: by "*"; by its
 * host, or one of the domains it is in, with a dot or "*." before it or
 * without; by its IP address or a range of them, 192.0.2.0/24; and of all
 * these by a host with ":PORT", for that port alone.
 */
bool proxy_is_spared(const char *list, const struct address *a);

#endif
