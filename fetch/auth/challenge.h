/* SPDX-License-Identifier: ISC */
/* What a registry asks for with 401: WWW-Authenticate (RFC 9110, 11.6.1). */
#ifndef FETCH_AUTH_CHALLENGE_H
#define FETCH_AUTH_CHALLENGE_H

#include <stdbool.h>

struct challenge {
	bool basic;
	bool bearer;
	char *realm; /* the three of Bearer, NULL when absent */
	char *service;
	char *scope;
};

/* From the values of all such headers, a line each. */
void challenge_parse(const char *lines, struct challenge *c);
void challenge_free(struct challenge *c);

#endif
