/* SPDX-License-Identifier: ISC */
/* fetch/proxy: which server is met without one. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch/registry/address.h"
#include "fetch/registry/proxy.h"
#include "lib/die.h"
#include "t/tap.h"

static void
spares(const char *list, const char *url, bool wanted)
{
	struct address a;
	const char *why;
	char name[256];

	snprintf(name, sizeof name, "\"%s\" %s %s", list,
	    wanted ? "names" : "doesn't name", url);
	ok(address_parse(url, NULL, &a, &why) == 0 &&
		proxy_is_spared(list, &a) == wanted,
	    name);
	address_free(&a);
}

static void
lists(void)
{
	spares("", "https://a.example", false);
	spares("*", "https://a.example", true);
	spares("a.example", "https://a.example", true);
	spares("A.Example", "https://a.example", true);
	spares("a.example", "https://b.a.example", true);
	spares("a.example", "https://ba.example", false);
	spares(".example", "https://a.example", true);
	spares(".a.example", "https://a.example", true);
	spares("*.example", "https://a.example", true);
	spares("*.example", "https://aexample", false);
	spares("*.a.example", "https://c.b.a.example", true);
	spares("x, a.example", "https://a.example", true);
	spares("x a.example", "https://a.example", true);
	spares("a.example:443", "https://a.example", true);
	spares("a.example:443", "https://a.example:5000", false);
	spares("*.example:5000", "https://a.example:5000", true);
	spares("*.example:5000", "https://a.example", false);
	spares("192.0.2.1", "https://192.0.2.1", true);
	spares("192.0.2.1:5000", "https://192.0.2.1", false);
	spares("192.0.2.0/24", "https://192.0.2.77", true);
	spares("192.0.2.0/25", "https://192.0.2.177", false);
	spares("192.0.2.128/25", "https://192.0.2.177", true);
	spares("192.0.2.0/33", "https://192.0.2.1", false);
	spares("192.0.2.0/", "https://192.0.2.0", false);
	spares("0.0.0.0/0", "https://192.0.2.1", true);
	spares("0.0.0.0/0", "https://[2001:db8::1]", false);
	spares("2001:db8::1", "https://[2001:db8::1]", true);
	spares("[2001:db8::1]:5000", "https://[2001:db8::1]:5000", true);
	spares("[2001:db8::1]:5000", "https://[2001:db8::1]", false);
	spares("2001:db8::/32", "https://[2001:db8::1]", true);
	spares("2001:db8::/32", "https://[2001:db9::1]", false);
	spares("a.example.", "https://a.example", true);
}

static void
environment(void)
{
	struct proxy p;
	struct address a;
	const char *why;

	unsetenv("no_proxy");
	unsetenv("NO_PROXY");
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("https_proxy");
	setenv("HTTPS_PROXY", "http://u:p%40@proxy:3128", 1);
	setenv("HTTP_PROXY", "http://cgi", 1);
	address_parse("https://a.example", NULL, &a, &why);
	p = proxy_of(&a);
	ok(p.url && strcmp(p.variable, "HTTPS_PROXY") == 0, "https has one");
	ok(strcmp(p.url, "http://proxy:3128") == 0, "  named without a user");
	ok(p.user && strcmp(p.user, "u:p%40") == 0, "  who is there, too");
	proxy_free(&p);
	setenv("NO_PROXY", "example", 1);
	ok(!proxy_of(&a).url, "  unless it is spared");
	address_free(&a);
	address_parse("http://a.test", NULL, &a, &why);
	ok(!proxy_of(&a).url, "http has none of HTTP_PROXY");
	setenv("ALL_PROXY", "proxy", 1);
	ok(proxy_of(&a).url, "but of ALL_PROXY");
	address_free(&a);
	address_parse("http://127.0.0.1:5000", NULL, &a, &why);
	ok(!proxy_of(&a).url, "this machine has none");
	address_free(&a);
}

/* In a process of its own, for it dies. */
static void
refused(const char *url, const char *name)
{
	struct address a;
	const char *why;
	pid_t child;
	int status;

	address_parse("https://a.example", NULL, &a, &why);
	setenv("https_proxy", url, 1);
	child = fork();
	if (!child) {
		die_in_child(NULL);
		close(2);
		proxy_of(&a);
		_exit(0);
	}
	ok(waitpid(child, &status, 0) == child && WIFEXITED(status) &&
		WEXITSTATUS(status) == 1,
	    name);
	address_free(&a);
}

/* Of a password that isn't coded a part would be shown. */
static void
passwords(void)
{
	struct proxy p;
	struct address a;
	const char *why;

	unsetenv("NO_PROXY");
	refused("http://user:12/34@proxy:3128", "a password with a '/'");
	refused("http://user:12?34@proxy:3128", "  with a '?'");
	refused("http://user:12#34@proxy:3128", "  with a '#'");
	refused("http:/user:12@proxy:3128", "a scheme with one '/'");
	setenv("https_proxy", "http://proxy:3128/a?b#c", 1);
	address_parse("https://a.example", NULL, &a, &why);
	p = proxy_of(&a);
	ok(strcmp(p.url, "http://proxy:3128") == 0,
	    "behind the host there is nothing");
	proxy_free(&p);
	address_free(&a);
}

int
main(void)
{
	lists();
	passwords();
	unsetenv("https_proxy");
	environment();
	return tap_end();
}
