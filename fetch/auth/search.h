/* SPDX-License-Identifier: ISC */
/*
 * The search for credentials, beside what else goes on: a program that keeps
 * them may take its time, or ask the user.
 */
#ifndef FETCH_AUTH_SEARCH_H
#define FETCH_AUTH_SEARCH_H

#include <sys/types.h>

#include "fetch/registry/loop.h"
#include "lib/buf.h"

struct credential_options;
struct credentials;
struct reference;

struct search {
	struct loop *loop;
	struct watch watch;
	struct buf said;
	pid_t pid;
	struct credentials *found;
	void (*ended)(void *arg);
	void *arg;
};

/*
 * Begin credentials_find (fetch/auth/authfile.h) in a process of its own.
 * When it has ended they are in *found, and ended is called with arg.  What is
 * fatal there is fatal here.
 */
void search_begin(struct search *s, struct loop *l, const struct reference *ref,
    const struct credential_options *options, struct credentials *found,
    void (*ended)(void *arg), void *arg);

#endif
