/* SPDX-License-Identifier: ISC */
/* Authorities whose word for a server's certificate is taken. */
#ifndef FETCH_REGISTRY_AUTHORITIES_H
#define FETCH_REGISTRY_AUTHORITIES_H

#include <stdbool.h>

struct buf;
struct certs;

/* Add those of a file, or do as certs_unreadable. */
void authority_add(
    struct buf *all, bool named, const char *dir, const char *name);

/*
 * Trust these, which may be none, besides those of the machine, or of
 * SSL_CERT_FILE and SSL_CERT_DIR in their place: ca and ca_path of *c, which
 * takes them.
 */
void authorities_set(struct certs *c, struct buf *mine);

#endif
