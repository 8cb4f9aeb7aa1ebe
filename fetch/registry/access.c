/* SPDX-License-Identifier: ISC */
/* What a server is shown as authorization, and when it gets another. */
#include "fetch/registry/access.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/auth/challenge.h"
#include "fetch/image/reference.h"
#include "fetch/registry/loop.h"
#include "fetch/registry/server.h"
#include "lib/mem.h"

#define PING_MAX (1 << 20) /* bytes of what /v2/ answers */

struct access *
access_of(const struct access *set)
{
	struct access **list = &set->server->accesses, *a = *list;

	while (a && (a->ref != set->ref || strcmp(a->scope, set->scope) != 0))
		a = a->next;
	if (a)
		return a;
	a = xmalloc(sizeof *a);
	*a = *set;
	a->scope = xstrdup(set->scope);
	a->next = *list;
	return *list = a;
}

void
access_free(struct access *list)
{
	struct access *next;

	for (; list; list = next) {
		next = list->next;
		credentials_free(&list->found);
		free(list->scope);
		free(list->authorization);
		free(list->challenge);
		free(list);
	}
}

void
access_show(const struct access *a, struct request *q)
{
	q->access = a;
	q->sent = a->number;
	if (a->authorization && !q->route.strayed)
		header_add(&q->headers, a->authorization);
}

/* Whether a token was refused, and a password is what is wanted now. */
static bool
wants_password(const struct access *a, const struct response *answer)
{
	struct challenge challenge;
	bool wants;

	if (!a->authorization ||
	    strncmp(a->authorization, "Authorization: Bearer ", 22) != 0)
		return false;
	challenge_parse(answer->challenge, &challenge);
	wants = challenge.basic && !challenge.bearer;
	challenge_free(&challenge);
	return wants;
}

bool
access_is_last(const struct access *a, const struct request *q)
{
	return q->access == a && q->sent == a->number;
}

/* public.ecr.aws has 400 and no challenge for a token that has expired. */
bool
access_denied(const struct access *a, const struct request *q)
{
	const struct response *answer = &q->answer;

	if (answer->status != 401 &&
	    (answer->status != 400 || !a->challenge || q->route.hops))
		return false;
	if (!*answer->challenge && !a->challenge)
		return false;
	return !access_is_last(a, q) ||
	       q->denied < (wants_password(a, answer) ? 2U : 1U);
}

/*
 * Whoever has no credentials, or has shown them, is told the same again: for
 * a 401 alone a token for nobody may be enough.
 */
bool
access_may_hide(const struct access *a, const struct response *answer)
{
	long status = answer->status;

	return !a->pinged && !a->authorization &&
	       !challenge_is_known(answer->challenge) &&
	       (status == 401 ||
		   ((status == 403 || status == 404) &&
		       (!a->looked || credentials_are(&a->found))));
}

static void
settled(struct access *a, char *authorization)
{
	free(a->authorization);
	a->authorization = authorization;
	a->number++;
	a->settles = false;
}

static void
token_there(void *arg)
{
	struct access *a = arg;

	if (a->token.text)
		settled(
		    a, xasprintf("Authorization: Bearer %s", a->token.text));
	else
		a->settles = false;
	token_free(&a->token);
}

static void
basic(struct access *a)
{
	const struct credentials *c = &a->found;
	char *text, *line;

	if (!c->user || !c->password) {
		if (!a->mild)
			die("%s: it wants a user name and password; log in "
			    "with docker or podman, or give --creds",
			    a->ref->host);
		a->settles = false;
		return;
	}
	text = credentials_basic(c->user, c->password);
	line = xasprintf("Authorization: %s", text);
	free(text);
	settled(a, line);
}

/* Of the last challenge, with the credentials there are. */
static void
authorize(struct access *a)
{
	struct challenge challenge;

	challenge_parse(a->challenge, &challenge);
	credentials_guard(&a->found, &a->server->at);
	a->asked = true;
	if (challenge.bearer) {
		if (!challenge.scope)
			challenge.scope = xstrdup(a->scope);
		a->token = (struct token){.loop = a->loop,
		    .by = &a->server->at,
		    .nearest = server_reach(a->server),
		    .mild = a->mild,
		    .ended = token_there,
		    .arg = a};
		token_begin(&a->token, &challenge, &a->found);
	} else {
		basic(a);
	}
	challenge_free(&challenge);
}

static void
searched(void *arg)
{
	struct access *a = arg;

	a->looked = true;
	a->then(a);
}

/* Look for credentials once: who keeps them may ask the user each time. */
static void
search_then(struct access *a, void (*then)(struct access *a))
{
	a->then = then;
	if (a->looked)
		then(a);
	else
		search_begin(&a->search, a->loop, a->ref, a->options, &a->found,
		    searched, a);
}

/* Whether there is one now, of this answer or of one before. */
static bool
challenge_take(struct access *a, const struct response *answer)
{
	if (challenge_is_known(answer->challenge)) {
		free(a->challenge);
		a->challenge = xstrdup(answer->challenge);
	}
	if (!a->challenge && !a->mild)
		die("%s: it wants a kind of authorization that is neither "
		    "Basic nor Bearer",
		    a->ref->host);
	return a->challenge != NULL;
}

static void
pinged(void *arg)
{
	struct access *a = arg;
	const struct response *answer = &a->ping.answer;
	bool found = answer->status == 401 && !a->ping.route.strayed &&
		     challenge_is_known(answer->challenge);

	if (found)
		challenge_take(a, answer);
	request_free(&a->ping);
	free(a->ping_url);
	if (found)
		search_then(a, authorize);
	else
		a->settles = false;
}

static void
ping(struct access *a)
{
	a->pinged = true;
	a->ping_url = xasprintf("%sv2/", a->server->at.text);
	a->ping = (struct request){.url = a->ping_url,
	    .object = a->ref->host,
	    .max = PING_MAX,
	    .once = true,
	    .ended = pinged,
	    .arg = a};
	loop_add(a->loop, &a->ping);
}

static void
ping_if_worth(struct access *a)
{
	if (credentials_are(&a->found))
		ping(a);
	else
		a->settles = false;
}

void
access_refused(struct access *a, const struct request *q, bool hidden)
{
	if (a->settles || !access_is_last(a, q))
		return;
	a->settles = true;
	if (!hidden) {
		if (challenge_take(a, &q->answer))
			search_then(a, authorize);
		else
			a->settles = false;
	} else if (q->answer.status == 401) {
		ping(a);
	} else {
		search_then(a, ping_if_worth);
	}
}
