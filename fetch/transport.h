/* SPDX-License-Identifier: ISC */
/*
 * HTTP by libcurl: handles set up alike, what is read of an answer's headers,
 * and small answers as a whole.
 */
#ifndef FETCH_TRANSPORT_H
#define FETCH_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

struct buf;

struct transport {
	bool verify;  /* the certificates of servers */
	long timeout; /* seconds without progress before a try is given up */
	char *ca, *cert, *key; /* fetch/certs.h; NULL: not given */
	CURLSH *share;         /* connections, TLS sessions, names */
};

/* The last answer, after redirects.  Strings are "" when absent. */
struct response {
	long status;
	char *type;      /* Content-Type without its parameters */
	char *digest;    /* Docker-Content-Digest */
	char *challenge; /* WWW-Authenticate, a line for each */
	char *link;      /* Link */
	int64_t length;  /* Content-Length; -1 when absent */
	int64_t from;    /* the first byte of Content-Range; -1 when absent */
	char error[CURL_ERROR_SIZE];
};

/* verify and timeout are set by the caller, the certificates too. */
void transport_open(struct transport *t);
void transport_close(struct transport *t);

/* A handle for one URL, to fill *r as answers come; the caller's both. */
CURL *transport_handle(
    const struct transport *t, const char *url, struct response *r);
void response_init(struct response *r);
void response_free(struct response *r);

/* Add a header line; dies when there is no memory. */
void header_add(struct curl_slist **list, const char *line);

/*
 * Perform the handle for an answer of at most max bytes, added to body.  What
 * is longer fails with CURLE_FILESIZE_EXCEEDED.
 */
CURLcode transport_perform(CURL *easy, struct buf *body, size_t max);

/* The reason of a failure: curl's text for this transfer or in general. */
const char *transport_reason(CURLcode code, const struct response *r);

#endif
