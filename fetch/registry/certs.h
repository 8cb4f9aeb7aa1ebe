/* SPDX-License-Identifier: ISC */
/* Certificates for one server (containers-certs.d(5)). */
#ifndef FETCH_REGISTRY_CERTS_H
#define FETCH_REGISTRY_CERTS_H

struct address;

struct certs {
	char *ca;   /* authorities to trust, PEM; NULL: the system's alone */
	char *cert; /* files of what this client shows; NULL: nothing */
	char *key;
};

/*
 * Of a directory that the user named: every *.crt is an authority to trust
 * besides the system's, NAME.cert and NAME.key what this client shows.  Dies
 * when it can't be read.
 */
void certs_read(struct certs *c, const char *dir);

/*
 * Of the first directory of that host and port in /etc/containers/certs.d
 * and /etc/docker/certs.d.  Nobody named these: of what can't be read there
 * is a warning.
 */
void certs_find(struct certs *c, const struct address *a);
void certs_free(struct certs *c);

#endif
