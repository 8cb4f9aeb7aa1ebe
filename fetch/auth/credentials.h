/* SPDX-License-Identifier: ISC */
/* What the user has to show to a server. */
#ifndef FETCH_AUTH_CREDENTIALS_H
#define FETCH_AUTH_CREDENTIALS_H

#include <stdbool.h>

struct address;

struct credentials { /* NULL: there is none */
	char *user;
	char *password;
	char *identity_token; /* to be exchanged for an access token */
	char *from;           /* an option, or a file, for messages */
};

/* Whether there are any. */
bool credentials_are(const struct credentials *c);

void credentials_free(struct credentials *c);

/*
 * Before they are shown to a server: take them away, with a warning, where
 * others could read them on the way (address_is_private).
 */
void credentials_guard(struct credentials *c, const struct address *to);

/* "Basic ..." of user and password, owned by the caller. */
char *credentials_basic(const char *user, const char *password);

#endif
