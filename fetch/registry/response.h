/* SPDX-License-Identifier: ISC */
/* An answer: what is read of its headers, and how it ended. */
#ifndef FETCH_REGISTRY_RESPONSE_H
#define FETCH_REGISTRY_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

/* Strings are "" when absent. */
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
	int64_t asked;      /* clock_now of that; 0: not yet */
	int64_t heard;      /* and of its last bytes, or of that before them */
	long tunnel;        /* status of a proxy's answer to CONNECT, or 0 */
	char error[CURL_ERROR_SIZE];
};

/* No answer so far; nothing is freed. */
void response_init(struct response *r);
void response_free(struct response *r);

/* Fill *r, which is initialized, as the answer comes that easy asks for. */
CURLcode response_follow(struct response *r, CURL *easy);

/* There is a connection, and now the server has to answer. */
void response_asked(struct response *r);

/* It was performed: the rest of *r. */
void response_end(struct response *r, CURL *easy);

/* The reason of a failure: curl's text for this transfer or in general. */
const char *response_reason(const struct response *r, CURLcode code);

#endif
