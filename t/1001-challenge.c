/* SPDX-License-Identifier: ISC */
/* fetch/challenge: what registries write in WWW-Authenticate. */
#include <string.h>

#include "fetch/auth/challenge.h"
#include "t/tap.h"

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
bearer(
    const char *line, const char *realm, const char *service, const char *scope)
{
	struct challenge c;

	challenge_parse(line, &c);
	ok(c.bearer && same(c.realm, realm) && same(c.service, service) &&
		same(c.scope, scope),
	    *line ? line : "nothing");
	challenge_free(&c);
}

static void
schemes(const char *line, bool basic, bool other, const char *name)
{
	struct challenge c;

	challenge_parse(line, &c);
	ok(c.basic == basic && c.bearer == other, name);
	challenge_free(&c);
}

int
main(void)
{
	bearer("Bearer realm=\"https://a/t\",service=\"s\",scope=\"r:x:pull\"",
	    "https://a/t", "s", "r:x:pull");
	bearer("bearer Realm = \"https://a/t\" , SERVICE = s", "https://a/t",
	    "s", NULL);
	bearer("Bearer realm=\"a\\\"b\\\\c\",scope=\"a,b c\"", "a\"b\\c", NULL,
	    "a,b c");
	bearer("Basic realm=\"no\", Bearer realm=\"yes\",service=\"s\"", "yes",
	    "s", NULL);
	bearer("Bearer realm=\"yes\", Basic realm=\"no\",service=\"no\"", "yes",
	    NULL, NULL);
	bearer("Bearer realm=\"first\",realm=\"second\"", "first", NULL, NULL);
	bearer("Bearer realm=\"a\", Bearer realm=\"b\",service=\"b\"", "a",
	    NULL, NULL);
	bearer("Bearer", NULL, NULL, NULL);
	bearer("Bearer realm=", "", NULL, NULL);
	bearer("Bearer realm=\"unended", "unended", NULL, NULL);
	bearer("Bearer realm=\"a\\", "a\\", NULL, NULL);
	schemes("", false, false, "no header");
	schemes("Basic realm=\"x\"", true, false, "Basic");
	schemes("Basic realm=\"x\"\nBearer realm=\"y\"", true, true, "two");
	schemes("Negotiate abc==, Basic", true, false, "one after a blob");
	schemes(
	    "Digest realm=\"Bearer realm=x\"", false, false, "a quoted one");
	schemes(",,=\"\n\"= ,", false, false, "nonsense");
	return tap_end();
}
