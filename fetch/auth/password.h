/* SPDX-License-Identifier: ISC */
/* A password, asked for at the terminal. */
#ifndef FETCH_AUTH_PASSWORD_H
#define FETCH_AUTH_PASSWORD_H

#include <stdbool.h>

/* Whether there is a terminal to ask at, whatever the standard streams are. */
bool password_can_be_asked(void);

/*
 * Ask there for the password of user at host, without showing what is typed;
 * owned.  Dies when there is none; the terminal is put right again also when
 * a signal ends this, so it is for a process that does nothing else.
 */
char *password_ask(const char *user, const char *host);

#endif
