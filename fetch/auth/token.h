/* SPDX-License-Identifier: ISC */
/*
 * Access tokens of registries: the "Docker Registry v2 authentication" and
 * its OAuth2 variant.
 */
#ifndef FETCH_AUTH_TOKEN_H
#define FETCH_AUTH_TOKEN_H

struct challenge;
struct credentials;
struct transport;

/*
 * Ask the realm of a Bearer challenge for a token, with the credentials if
 * there are any: an identity token by POST, and by GET where POST isn't
 * known.  Where the realm may not be shown them they are taken out of *c.
 * Owned by the caller; dies with a message when there is no token.
 */
char *token_get(const struct transport *t, const struct challenge *challenge,
    struct credentials *c);

#endif
