/* SPDX-License-Identifier: ISC */
/* Authorities whose word for a server's certificate is taken. */
#ifndef FETCH_REGISTRY_AUTHORITIES_H
#define FETCH_REGISTRY_AUTHORITIES_H

#include <stdbool.h>

struct certs;
struct pem;

/* Add those of a file, or do as certs_unreadable. */
void authority_add(
    struct pem *all, bool named, const char *dir, const char *name);

/*
 * Trust these, which may be none, besides those of the machine, or of
 * SSL_CERT_FILE and SSL_CERT_DIR in their place: ca_file, ca and no_path of *c.
 * mine is empty then.
 */
void authorities_set(struct certs *c, struct pem *mine);

#endif
