/* SPDX-License-Identifier: ISC */
/*
 * HTTP by libcurl: handles set up alike, and what is read of an answer's
 * headers.
 */
#ifndef FETCH_REGISTRY_TRANSPORT_H
#define FETCH_REGISTRY_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

struct address;
struct server;

struct transport {
	long timeout;  /* seconds without progress before a try is given up */
	CURLSH *share; /* connections, TLS sessions, names */
	struct server *servers; /* that were met */
	char **trusted;         /* hosts whose certificate need not be right */
	size_t ntrusted;
};

/* An answer.  Strings are "" when absent. */
struct response {
	long status;
	char *type;      /* Content-Type without its parameters */
	char *digest;    /* Docker-Content-Digest */
	char *challenge; /* WWW-Authenticate, a line for each */
	char *link;      /* Link, a line for each */
	char *location;  /* Location */
	char *warning;   /* Warning, a line for each */
	char *encoding;  /* Content-Encoding */
	int64_t length;  /* Content-Length; -1 when absent */
	int64_t from;    /* the first byte of Content-Range; -1 when absent */
	size_t headers;  /* bytes of all of them, also of answers before */
	const char *mirror; /* that it, or a part of it, is of; or NULL */
	long retry_after;   /* seconds, of Retry-After; 0: it says nothing */
	bool connected;     /* there was a connection */
	bool headed;        /* all of its headers are there */
	int64_t heard; /* clock_now of its last bytes; 0: not asked for yet */
	long tunnel;   /* status of a proxy's answer to CONNECT, or 0 */
	char error[CURL_ERROR_SIZE];
};

/* timeout is set by the caller. */
void transport_open(struct transport *t);
void transport_close(struct transport *t);

/* From now on the certificate of that host, at any port, need not be right. */
void transport_trust(struct transport *t, const char *host);

/*
 * A handle for one address of a server, to fill *r as its answer comes; the
 * caller's both.  A redirect is an answer like any other
 * (fetch/registry/route.h).
 */
CURL *transport_handle(const struct transport *t, const struct server *s,
    const struct address *a, struct response *r);

/* It was performed: the rest of *r. */
void transport_finish(CURL *easy, struct response *r);
void response_init(struct response *r);
void response_free(struct response *r);

/* Add a header line; dies when there is no memory. */
void header_add(struct curl_slist **list, const char *line);

/* The reason of a failure: curl's text for this transfer or in general. */
const char *transport_reason(CURLcode code, const struct response *r);

#endif
