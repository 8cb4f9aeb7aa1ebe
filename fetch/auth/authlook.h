/* SPDX-License-Identifier: ISC */
/* One place where credentials may be: a file, or a program that keeps them. */
#ifndef FETCH_AUTH_AUTHLOOK_H
#define FETCH_AUTH_AUTHLOOK_H

#include <stdbool.h>

struct credentials;
struct reference;

#define AUTHFILE_MAX (1 << 20)                /* bytes */
#define HUB_KEY "https://index.docker.io/v1/" /* what docker login writes */

/*
 * A file with credentials, or that names who has them, and whether the user
 * named it: what is wrong there is fatal then, and else a warning.
 */
struct place {
	const char *file;
	bool named;
};

/*
 * Look in a file, which need not be there unless must: whether it has any for
 * the reference.
 */
bool authfile_look(const struct place *p, bool must,
    const struct reference *ref, struct credentials *c);

/* Ask a helper for a key; one without a name is none. */
bool authfile_ask(const char *helper, const char *key, const struct place *p,
    struct credentials *c);

#endif
