/* SPDX-License-Identifier: ISC */
/* fetch/config: TOML as it is, as it mustn't be, and what a rule makes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/config/registries.h"
#include "fetch/config/toml.h"
#include "t/tap.h"

static void
reads(const char *text, const char *wanted)
{
	unsigned line;
	const char *why;
	cJSON *tree = toml_parse(text, strlen(text), &line, &why);
	char *got = tree ? cJSON_PrintUnformatted(tree) : NULL;

	ok(got && strcmp(got, wanted) == 0, wanted);
	if (!got || strcmp(got, wanted) != 0)
		printf("# got %s\n", got ? got : why);
	free(got);
	cJSON_Delete(tree);
}

static void
refuses(const char *text, unsigned wanted, const char *reason)
{
	unsigned line;
	const char *why;
	cJSON *tree = toml_parse(text, strlen(text), &line, &why);

	ok(!tree && line == wanted && strstr(why, reason), reason);
	if (!tree && (line != wanted || !strstr(why, reason)))
		printf("# got line %u: %s\n", line, why);
	cJSON_Delete(tree);
}

static void
grammar(void)
{
	reads("", "{}");
	reads("# a\n\t \r\n#b", "{}");
	reads("a=true\r\nb = false # c\n", "{\"a\":true,\"b\":false}");
	reads("\"a b\".'c.d'.e = 'x\\n'",
	    "{\"a b\":{\"c.d\":{\"e\":\"x\\\\n\"}}}");
	reads("a=\"\\\"\\\\\\t\\u00e9\\U0001F600\"",
	    "{\"a\":\"\\\"\\\\\\t\303\251\360\237\230\200\"}");
	reads("a=\"\"\nb=''", "{\"a\":\"\",\"b\":\"\"}");
	reads("a = [ # x\n \"b\",\n 'c', # y\n]\n", "{\"a\":[\"b\",\"c\"]}");
	reads("a={b=\"c\", d.e=[{}]}",
	    "{\"a\":{\"b\":\"c\",\"d\":{\"e\":[{}]}}}");
	reads("[a.b]\nc='d'\n[a]\ne='f'\n",
	    "{\"a\":{\"b\":{\"c\":\"d\"},\"e\":\"f\"}}");
	reads("[[r]]\nl='1'\n[[r.m]]\nl='2'\n[[r.m]]\n[[ r "
	      "]]\n[[r.\"m\"]]\nl='3'",
	    "{\"r\":[{\"l\":\"1\",\"m\":[{\"l\":\"2\"},{}]},"
	    "{\"m\":[{\"l\":\"3\"}]}]}");
	reads("n = -1_0", "{\"n\":0}");
}

static void
faults(void)
{
	refuses("a=1\na=2", 2, "there already");
	refuses("[a]\n[a]", 2, "there already");
	refuses("a=1\n[a]", 2, "there already");
	refuses("a={}\n[a.b]", 2, "no table");
	refuses("a={}\na.b=1", 2, "made otherwise");
	refuses("a=[{}]\n[[a]]", 2, "something else already");
	refuses("[a]\n[[a]]", 2, "something else already");
	refuses("a", 1, "without =");
	refuses("a=", 1, "isn't known");
	refuses("a=1979-05-27T", 1, "more in a line");
	refuses("a=1.5", 1, "more in a line");
	refuses("a=truer", 1, "more in a line");
	refuses("a=true b=true", 1, "more in a line");
	refuses("=1", 1, "no key");
	refuses("a.=1", 1, "no key");
	refuses("a=\"b\n\"", 1, "without an end in its line");
	refuses("a=\"b", 1, "without an end");
	refuses("a='''b'''", 1, "several lines");
	refuses("a=\"\\x\"", 1, "isn't known");
	refuses("a=\"\\u00g0\"", 1, "digits");
	refuses("a=\"\\ud800\"", 1, "no character");
	refuses("a=\"\\u0000\"", 1, "no character");
	refuses("a=\"\\u00", 1, "without an end");
	refuses("a=[1", 1, "without an end");
	refuses("a=[1 2]", 1, "without an end");
	refuses("a={b=1\n}", 1, "without an end");
	refuses("a={b=1,}", 1, "no key");
	refuses("[a", 1, "without its end");
	refuses("[[a]", 1, "without its end");
	refuses("[a] b=1", 1, "more in a line");
	refuses("\n\na=\001", 3, "control character");
	refuses("a=1\n# b\rc=2\r", 2, "CR without LF");
	refuses("a=1\r", 1, "CR without LF");
	refuses("a='b\rc'", 1, "CR without LF");
	refuses("a=[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", 1, "too deeply");
	refuses("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1", 1, "too many parts");
}

/* What the files make of a reference: "blocked", or what it is there. */
static void
becomes(const struct registries *c, const char *ref, const char *wanted)
{
	const struct rule *r = registries_find(c, ref);
	char *got = !r           ? strdup("-")
		    : r->blocked ? strdup("blocked")
				 : rule_rewrite(r, r->location, ref);
	char name[200];

	snprintf(name, sizeof name, "%s: %s", ref, wanted);
	ok(strcmp(got, wanted) == 0, name);
	if (strcmp(got, wanted) != 0)
		printf("# got %s\n", got);
	free(got);
}

static void
rules(void)
{
	static const char one[] =
	    "[[registry]]\nprefix='example.com/foo'\nlocation='a:1/b/'\n"
	    "[[registry]]\nlocation='example.com'\nblocked=true\n"
	    "[[registry]]\nprefix='*.example.org'\nBlocked=true\n"
	    "[[registry]]\nprefix='good.example.org'\nlocation='x.y'\n"
	    "[[registry]]\nprefix='*.any.net'\ninsecure=true\n"
	    "[[registry]]\nprefix='*.any.com'\nlocation='in.house/z'\n";
	static const char two[] =
	    "[[registry]]\nlocation='example.com'\n[[registry]]\n"
	    "prefix='third'\nlocation='x.y'\n";
	struct registries c = {0};

	registries_add(&c, "one", one, strlen(one));
	becomes(&c, "example.com/foo:1", "a:1/b:1");
	becomes(&c, "example.com/foo/bar@sha256:0", "a:1/b/bar@sha256:0");
	becomes(&c, "example.com/foobar:1", "blocked");
	becomes(&c, "example.com:80/x:1", "blocked");
	becomes(&c, "example.co/x:1", "-");
	becomes(&c, "a.b.example.org/x:1", "blocked");
	becomes(&c, "example.org/x:1", "-");
	becomes(&c, "h.net/x.example.org:1", "-");
	becomes(&c, "good.example.org/x:1", "x.y/x:1");
	becomes(&c, "a.any.net/x:1", "a.any.net/x:1");
	becomes(&c, "a.any.com:5/x:1", "in.house/z:5/x:1");
	registries_add(&c, "two", two, strlen(two));
	becomes(&c, "example.com/x:1", "example.com/x:1");
	becomes(&c, "example.com/foo:1", "a:1/b:1");
	becomes(&c, "third/x:1", "x.y/x:1");
	registries_free(&c);
}

/* Hosts in upper and lower case, and Docker Hub by its other names. */
static void
hosts(void)
{
	static const char text[] =
	    "[[registry]]\nlocation='Example.Com:5'\nblocked=true\n"
	    "[[registry]]\nprefix='*.Example.Org'\nblocked=true\n"
	    "[[registry]]\nlocation='h.net/img:Tag'\nblocked=true\n"
	    "[[registry]]\nlocation='Registry-1.docker.io'\nblocked=true\n"
	    "[[registry]]\nprefix='index.docker.io/a'\nlocation='x.y'\n"
	    "[[registry]]\nprefix='a.net:443'\nlocation='x.y'\n"
	    "[[registry]]\nprefix='b.net/c'\nlocation='x.y/z'\n"
	    "[[registry]]\nprefix='*.c.net'\nlocation='x.y'\n"
	    "[[registry]]\nprefix='[0:0::1]:5'\nblocked=true\nlocation='z'\n"
	    "[[registry]]\nlocation='127.0.0.1:80'\nblocked=true\n"
	    "[[registry]]\nlocation='[::ffff:10.0.0.1]:5'\nblocked=true\n";
	struct registries c = {0};

	registries_add(&c, "file", text, strlen(text));
	becomes(&c, "example.com:5/x:1", "blocked");
	becomes(&c, "EXAMPLE.com:5/x:1", "blocked");
	becomes(&c, "A.EXAMPLE.org/x:1", "blocked");
	becomes(&c, "H.net/img:Tag", "blocked");
	becomes(&c, "h.net/img:tag", "-");
	becomes(&c, "docker.io/library/x:1", "blocked");
	becomes(&c, "docker.io/a/x:1", "x.y/x:1");
	becomes(&c, "a.net/x:1", "x.y/x:1");
	becomes(&c, "A.net:443/x:1", "x.y/x:1");
	becomes(&c, "a.net:44/x:1", "-");
	becomes(&c, "a.net:80/x:1", "-");
	becomes(&c, "b.net:443/c/x:1", "x.y/z/x:1");
	becomes(&c, "b.net:80/c/x:1", "-");
	becomes(&c, "b.net/cx:1", "-");
	becomes(&c, "a.c.net:443/x:1", "x.y/x:1");
	becomes(&c, "[::1]:5/x:1", "blocked");
	becomes(&c, "[::1]:6/x:1", "-");
	becomes(&c, "127.0.0.1/x:1", "blocked");
	becomes(&c, "127.0.0.1:81/x:1", "-");
	becomes(&c, "10.0.0.1:5/x:1", "blocked");
	registries_free(&c);
}

/* Docker Hub is of the domain that it is asked at. */
static void
hub(void)
{
	static const char text[] = "[[registry]]\nprefix='*.docker.io'\n"
				   "blocked=true\n";
	struct registries c = {0};

	registries_add(&c, "file", text, strlen(text));
	becomes(&c, "docker.io/library/x:1", "blocked");
	becomes(&c, "a.docker.io/x:1", "blocked");
	becomes(&c, "docker.iox/x:1", "-");
	becomes(&c, "docker.io:5/x:1", "blocked");
	registries_free(&c);
}

/* A host and a domain of one length, in both orders. */
static void
equals(void)
{
	static const char text[] =
	    "[[registry]]\nprefix='*.one'\nlocation='x.y'\n"
	    "[[registry]]\nlocation='a.one'\nblocked=true\n"
	    "[[registry]]\nlocation='a.two'\nblocked=true\n"
	    "[[registry]]\nprefix='*.two'\nlocation='x.y'\n";
	struct registries c = {0};

	registries_add(&c, "file", text, strlen(text));
	becomes(&c, "a.one/x:1", "blocked");
	becomes(&c, "b.one/x:1", "x.y/x:1");
	becomes(&c, "a.two/x:1", "blocked");
	registries_free(&c);
}

int
main(void)
{
	grammar();
	faults();
	rules();
	hosts();
	hub();
	equals();
	return tap_end();
}
