/* SPDX-License-Identifier: ISC */
/*
 * What the user has to show to a registry: Docker's config.json and the
 * auth.json of podman and skopeo (containers-auth.json(5)), and the programs
 * docker-credential-NAME that they point to.
 */
#ifndef FETCH_CREDENTIALS_H
#define FETCH_CREDENTIALS_H

#include <stdbool.h>

struct address;
struct reference;

struct credentials { /* NULL: there is none */
	char *user;
	char *password;
	char *identity_token; /* to be exchanged for an access token */
};

struct credential_options {
	const char *authfile; /* the one file to look in, or NULL */
	const char *creds;    /* USER:PASSWORD, or NULL */
	bool anonymous;       /* have none */
};

/*
 * Find them: of the options, or else of the first file that has any for the
 * reference, the longest key first (host/a/b, host/a, host).  What can't be
 * read or fails is fatal in a file that the user named, by option or by
 * variable, and else a warning; finding none is no error.
 */
void credentials_find(const struct reference *ref,
    const struct credential_options *options, struct credentials *c);
void credentials_free(struct credentials *c);

/*
 * Before they are shown to a server: take them away, with a warning, where
 * others could read them on the way (address_is_private).
 */
void credentials_guard(struct credentials *c, const struct address *to);

/* "Basic ..." of user and password, owned by the caller. */
char *credentials_basic(const char *user, const char *password);

#endif
