/* SPDX-License-Identifier: ISC */
/*
 * Access tokens of registries: the "Docker Registry v2 authentication" and
 * its OAuth2 variant.  One is a request like any other, of a server of its own.
 */
#ifndef FETCH_AUTH_TOKEN_H
#define FETCH_AUTH_TOKEN_H

#include <stdbool.h>

#include "fetch/registry/request.h"

struct challenge;
struct credentials;
struct address;
struct loop;

struct token {
	struct loop *loop; /* set by its maker, with ended and arg, */
	bool mild;         /* and whether to do without it isn't fatal; */
	const struct address *by; /* whose challenge it is; borrowed */
	enum reach nearest;       /* where that was met */
	char *text;               /* the token; NULL: none, or not there yet */

	char *realm, *object;
	char *form; /* of a POST; NULL: GET */
	char *url;  /* with the query of a GET */
	char *authorization;
	bool secret; /* credentials are shown, */
	char *from;  /* of that file or option */
	struct request request;
	void (*ended)(void *arg);
	void *arg;
};

/*
 * Begin to ask the realm of a Bearer challenge, with the credentials if there
 * are any: an identity token by POST, and by GET where POST isn't known.
 * Where the realm may not be shown them they are taken out of *c.  One that is
 * nearer to this machine than the registry isn't asked
 * (fetch/registry/reach.h).  ended is called with arg when t->text is there.
 * When there is none this dies or, if it is mild, ended is called all the same.
 */
void token_begin(
    struct token *t, const struct challenge *challenge, struct credentials *c);
void token_free(struct token *t);

#endif
