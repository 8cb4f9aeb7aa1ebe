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
/* Whether one of them is of a kind that is known here: Basic or Bearer. */
bool challenge_is_known(const char *lines);
void challenge_free(struct challenge *c);

#endif
