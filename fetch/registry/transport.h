/* SPDX-License-Identifier: ISC */
/*
 * HTTP by libcurl: handles set up alike, what is read of an answer's headers,
 * and small answers as a whole.
 */
#ifndef FETCH_REGISTRY_TRANSPORT_H
#define FETCH_REGISTRY_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "fetch/registry/certs.h"

struct address;
struct buf;
struct pause;

struct transport {
	const struct address
	    *trusted;  /* whose host needs no certificate, or NULL */
	long timeout;  /* seconds without progress before a try is given up */
	CURLSH *share; /* connections, TLS sessions, names */
	struct pause *pauses;        /* of servers that are too busy */
	const struct address *given; /* whom the user named certificates for */
	struct certs certs;          /* those; given NULL: none */
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
	int64_t length;  /* Content-Length; -1 when absent */
	int64_t from;    /* the first byte of Content-Range; -1 when absent */
	size_t headers;  /* bytes of all of them, also of answers before */
	char error[CURL_ERROR_SIZE];
};

/* timeout is set by the caller; trusted, given and certs too. */
void transport_open(struct transport *t);
void transport_close(struct transport *t);

/*
 * A handle for one address, to fill *r as its answer comes; the caller's
 * both.  A redirect is an answer like any other (fetch/registry/route.h).
 */
CURL *transport_handle(
    const struct transport *t, const struct address *a, struct response *r);
void response_init(struct response *r);
void response_free(struct response *r);

/* Add a header line; dies when there is no memory. */
void header_add(struct curl_slist **list, const char *line);

/* The body of a small answer on its way. */
struct collection {
	struct buf *body;
	size_t max;
	bool exceeded; /* longer than max; the transfer has failed */
};

/* Have the handle's answer of at most max bytes put in *body. */
void transport_collect(
    CURL *easy, struct buf *body, size_t max, struct collection *c);

/*
 * Perform the handle for an answer of at most max bytes: the body in *body,
 * the rest in *r.  What is longer fails with CURLE_FILESIZE_EXCEEDED.
 */
CURLcode transport_perform(
    CURL *easy, struct buf *body, size_t max, struct response *r);

/* The reason of a failure: curl's text for this transfer or in general. */
const char *transport_reason(CURLcode code, const struct response *r);

#endif
