/* SPDX-License-Identifier: ISC */
/* Certificates for one server (containers-certs.d(5)). */
#ifndef FETCH_REGISTRY_CERTS_H
#define FETCH_REGISTRY_CERTS_H

#include <stdbool.h>
#include <stddef.h>

struct address;

/* The files of what this client shows. */
struct pair {
	char *cert, *key;
};

struct certs {
	char *ca_file; /* authorities to trust, PEM; NULL: see ca */
	char *ca; /* their text, where no file can be; NULL, both: libcurl's */
	bool no_path;       /* without libcurl's own directory of more */
	struct pair *pairs; /* of which the server gets the first it takes */
	size_t npairs;
	bool named;   /* the user did: what is wrong with them is fatal */
	char *dir;    /* where they were; NULL: nowhere */
	char *locked; /* a key there that is of no use, for it is encrypted */
};

/*
 * Of a directory that the user named: every *.crt is an authority to trust
 * besides the system's, NAME.cert and NAME.key what this client shows.  Dies
 * when it can't be read, or a key wants a password.
 */
void certs_read(struct certs *c, const char *dir);

/*
 * Of the first directory of that host and port in ~/.config/containers/certs.d,
 * /etc/containers/certs.d and /etc/docker/certs.d.  Nobody named these: of
 * what can't be read there is a warning.
 */
void certs_find(struct certs *c, const struct address *a);

/* That directory's name, owned; NULL: there is none. */
char *certs_place(const struct address *a);
void certs_free(struct certs *c);

/*
 * With errno: a file or, without a name, a directory can't be read.  Die of the
 * user's own choice; of one of the places that there are, warn, of all once.
 */
void certs_unreadable(bool named, const char *dir, const char *name);

/* Of a pair whose key doesn't fit: die, or warn, as of what can't be read. */
void certs_misfit(const struct certs *c, const struct pair *p);

#endif
