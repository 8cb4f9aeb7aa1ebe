/* SPDX-License-Identifier: ISC */
/* Certificates for one registry (containers-certs.d(5)). */
#ifndef FETCH_CERTS_H
#define FETCH_CERTS_H

struct transport;

/*
 * Read dir, or where it is NULL the directory of that host in
 * /etc/containers/certs.d and /etc/docker/certs.d: every *.crt is an
 * authority to trust besides the system's, NAME.cert and NAME.key what this
 * client shows.  Dies when dir can't be read.
 */
void certs_read(struct transport *t, const char *dir, const char *host);

#endif
