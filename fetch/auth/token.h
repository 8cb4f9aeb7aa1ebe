/* SPDX-License-Identifier: ISC */
/*
 * Access tokens of registries: the "Docker Registry v2 authentication" and
 * its OAuth2 variant.  One is asked for as a blob is, beside which it may be
 * on its way: start, perform, finish, until it is there.
 */
#ifndef FETCH_AUTH_TOKEN_H
#define FETCH_AUTH_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/registry/route.h"
#include "fetch/registry/transport.h"
#include "lib/buf.h"

struct challenge;
struct credentials;

struct token {
	char *text; /* the token; NULL: not there yet */
	CURL *easy; /* NULL: not in progress */

	struct transport *transport;
	char *realm;
	char *form; /* of a POST; NULL: GET */
	char *url;  /* with the query of a GET */
	char *authorization;
	bool secret; /* credentials are shown */
	struct route route;
	bool routed;
	struct curl_slist *headers;
	struct response answer;
	struct buf body;
	struct collection collection;
	unsigned tries;
	int64_t due; /* see token_due */
};

/*
 * Begin to ask the realm of a Bearer challenge, with the credentials if there
 * are any: an identity token by POST, and by GET where POST isn't known.
 * Where the realm may not be shown them they are taken out of *c.
 */
void token_begin(struct token *t, struct transport *transport,
    const struct challenge *challenge, struct credentials *c);

/* When it may be asked for: its own time, and what its server asks for. */
int64_t token_due(const struct token *t);

/* Make t->easy, to be performed. */
void token_start(struct token *t);

/*
 * t->easy ended in code: take it apart.  Then either t->text is there or it is
 * to be started again, or this dies.
 */
void token_finish(struct token *t, CURLcode code);
void token_free(struct token *t);

#endif
