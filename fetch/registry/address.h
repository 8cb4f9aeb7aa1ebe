/* SPDX-License-Identifier: ISC */
/*
 * Addresses of servers: what libcurl's own parser, which connections use
 * too, finds in a URL.  Whom to trust with what is decided on these parts,
 * never on the text.
 */
#ifndef FETCH_REGISTRY_ADDRESS_H
#define FETCH_REGISTRY_ADDRESS_H

#include <stdbool.h>

struct address {
	char *text;   /* the whole URL, without a fragment */
	char *scheme; /* "http" or "https" */
	char *host;   /* lower case; IPv6 in brackets, numbers as four */
	char *port;   /* also when the text leaves it out */
	char *path;   /* from its '/', with the query */
};

/*
 * The address that text names, seen from base where it is relative and base
 * isn't NULL.  0, or -1 with a reason: no http or https URL, or user
 * information in it, which is nothing for a server to say.
 */
int address_parse(const char *text, const struct address *base,
    struct address *a, const char **why);
void address_free(struct address *a);

/*
 * Whether it is surely this machine's, so that what is secret may go there in
 * the clear: localhost, 127.0.0.0/8, ::1; nothing else.
 */
bool address_is_here(const struct address *a);

/* Whether nobody else reads what is sent there: https, or this machine. */
bool address_is_private(const struct address *a);

/* Whether host and port are the same; and whether the scheme is, too. */
bool address_same_host(const struct address *a, const struct address *b);
bool address_same_server(const struct address *a, const struct address *b);

#endif
