/* SPDX-License-Identifier: ISC */
/*
 * Where credentials are found: Docker's config.json and the auth.json of
 * podman and skopeo (containers-auth.json(5)), and the programs
 * docker-credential-NAME that they point to.
 */
#ifndef FETCH_AUTH_AUTHFILE_H
#define FETCH_AUTH_AUTHFILE_H

#include <stdbool.h>

struct credentials;
struct reference;
struct words;

struct credential_options {
	const char *authfile;   /* the one file to look in, or NULL */
	const char *creds;      /* USER:PASSWORD, or USER: ask; or NULL */
	const char *creds_file; /* a file with that and a newline, or NULL */
	bool anonymous;         /* have none */
	/* Of registries.conf, programs that have them, or NULL; borrowed. */
	const struct words *helpers;
};

/*
 * Find them: of the options, or else of the first helper or file that has any
 * for the reference, the longest key first (host/a/b, host/a, host).  What
 * can't be read or fails is fatal in a file that the user named, by option or
 * by variable, and else a warning; finding none is no error.
 */
void credentials_find(const struct reference *ref,
    const struct credential_options *options, struct credentials *c);

#endif
