/* SPDX-License-Identifier: ISC */
/* HTTP by libcurl: handles set up alike. */
#ifndef FETCH_REGISTRY_TRANSPORT_H
#define FETCH_REGISTRY_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

struct address;
struct response;
struct server;

struct transport {
	long timeout;  /* seconds without progress before a try is given up */
	CURLSH *share; /* connections, TLS sessions, names */
	bool joins;    /* libcurl knows HTTP/2 */
	struct server *servers; /* that were met */
	char **trusted;         /* hosts whose certificate need not be right */
	size_t ntrusted;
};

/* timeout is set by the caller. */
void transport_open(struct transport *t);
void transport_close(struct transport *t);

/* From now on the certificate of that host, at any port, need not be right. */
void transport_trust(struct transport *t, const char *host);

/*
 * A handle for one address of a server, to fill *r as its answer comes; the
 * caller's both.  A redirect is an answer like any other
 * (fetch/registry/route.h).  join: others may go on the same connection, where
 * the server has HTTP/2; what comes then mustn't be paused.
 */
CURL *transport_handle(const struct transport *t, const struct server *s,
    const struct address *a, struct response *r, bool join);

/* Add a header line; dies when there is no memory. */
void header_add(struct curl_slist **list, const char *line);

#endif
