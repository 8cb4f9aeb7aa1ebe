/* SPDX-License-Identifier: ISC */
/* Programs that keep credentials: docker-credential-NAME. */
#ifndef FETCH_AUTH_HELPER_H
#define FETCH_AUTH_HELPER_H

struct credentials;

/* How long one may take from now on, in seconds; 30 at first. */
void helper_limit(long seconds);

/*
 * Ask docker-credential-NAME for a server's credentials: 0, with *c as it was
 * when it has none; -1 when it can't be run, fails, takes too long, or prints
 * what can't be read, with the reason in *why, which is the caller's to free.
 * However that ends, so has the helper by then.
 */
int helper_get(
    const char *name, const char *server, struct credentials *c, char **why);

#endif
