/* SPDX-License-Identifier: ISC */
/* Programs that keep credentials: docker-credential-NAME. */
#ifndef FETCH_AUTH_HELPER_H
#define FETCH_AUTH_HELPER_H

struct credentials;

/*
 * Ask docker-credential-NAME for a server's credentials: 0, with *c as it was
 * when it has none; -1 when it can't be run, fails, or prints what can't be
 * read, with the reason in *why, which is the caller's to free.
 */
int helper_get(
    const char *name, const char *server, struct credentials *c, char **why);

#endif
