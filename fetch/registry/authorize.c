/* SPDX-License-Identifier: ISC */
/* What a registry is shown as authorization, and when it gets another. */
#include "fetch/registry/registry.h"

#include <stdlib.h>
#include <unistd.h>

#include "fetch/auth/challenge.h"
#include "fetch/auth/token.h"
#include "fetch/image/reference.h"
#include "fetch/registry/pause.h"
#include "lib/mem.h"

/* Look for them once: who keeps them may ask the user each time. */
static void
credentials_look(struct registry *r)
{
	if (!r->looked)
		credentials_find(r->ref, &r->credentials, &r->found);
	r->looked = true;
}

bool
registry_has_credentials(struct registry *r)
{
	credentials_look(r);
	return r->found.user || r->found.identity_token;
}

void
registry_authorization_add(const struct registry *r, const struct route *route,
    struct curl_slist **headers)
{
	if (r->authorization && !route->strayed)
		header_add(headers, r->authorization);
}

static void
basic_set(struct registry *r, const struct credentials *c)
{
	char *basic;

	if (!c->user || !c->password)
		die("%s: it wants a user name and password; log in with "
		    "docker or podman, or give --creds",
		    r->ref->host);
	basic = credentials_basic(c->user, c->password);
	r->authorization = xasprintf("Authorization: %s", basic);
	free(basic);
}

static void
bearer_begin(
    struct registry *r, struct challenge *challenge, struct credentials *c)
{
	if (!challenge->scope)
		challenge->scope =
		    xasprintf("repository:%s:pull", r->ref->repository);
	r->token = xmalloc(sizeof *r->token);
	token_begin(r->token, &r->transport, challenge, c);
}

/* public.ecr.aws has 400 and no challenge for a token that has expired. */
bool
registry_denies(
    const struct registry *r, const struct route *route, long status)
{
	return !route->strayed &&
	       (status == 401 ||
		   (status == 400 && r->challenge && !route->hops));
}

void
registry_authorize(
    struct registry *r, const struct response *answer, unsigned sent)
{
	struct challenge challenge;

	if (sent != r->authorization_number || r->token)
		return;
	if (challenge_is_known(answer->challenge)) {
		free(r->challenge);
		r->challenge = xstrdup(answer->challenge);
	}
	challenge_parse(
	    r->challenge ? r->challenge : answer->challenge, &challenge);
	if (!challenge.bearer && !challenge.basic)
		die("%s: it wants a kind of authorization that is neither "
		    "Basic nor Bearer",
		    r->ref->host);
	credentials_look(r);
	credentials_guard(&r->found, &r->server);
	r->asked = true;
	free(r->authorization);
	r->authorization = NULL;
	r->authorization_number++;
	if (challenge.bearer)
		bearer_begin(r, &challenge, &r->found);
	else
		basic_set(r, &r->found);
	challenge_free(&challenge);
}

void
registry_token_finish(struct registry *r, CURLcode code)
{
	token_finish(r->token, code);
	if (!r->token->text)
		return;
	r->authorization =
	    xasprintf("Authorization: Bearer %s", r->token->text);
	token_free(r->token);
	free(r->token);
	r->token = NULL;
}

void
registry_token_wait(struct registry *r)
{
	int64_t wait;

	while (r->token) {
		wait = token_due(r->token) - clock_now();
		if (wait > 0)
			usleep((useconds_t)wait * 1000);
		token_start(r->token);
		registry_token_finish(r, curl_easy_perform(r->token->easy));
	}
}
