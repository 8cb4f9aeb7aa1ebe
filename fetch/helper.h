/* SPDX-License-Identifier: ISC */
/* Programs that keep credentials: docker-credential-NAME. */
#ifndef FETCH_HELPER_H
#define FETCH_HELPER_H

struct credentials;

/*
 * Ask docker-credential-NAME for a server's credentials.  0; -1 when it has
 * none; dies when it can't be run or what it prints can't be read.
 */
int helper_get(const char *name, const char *server, struct credentials *c);

#endif
