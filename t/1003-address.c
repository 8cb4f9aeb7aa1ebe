/* SPDX-License-Identifier: ISC */
/* fetch/address: what of a URL decides whom to trust. */
#include <stdio.h>
#include <string.h>

#include "fetch/registry/address.h"
#include "t/tap.h"

static void
parts(const char *text, const char *scheme, const char *host, const char *port,
    const char *path)
{
	struct address base, a = {0};
	const char *why;

	address_parse("https://base:5000/v2/x/tags?n=1", NULL, &base, &why);
	ok(address_parse(text, &base, &a, &why) == 0 &&
		strcmp(a.scheme, scheme) == 0 && strcmp(a.host, host) == 0 &&
		strcmp(a.port, port) == 0 && strcmp(a.path, path) == 0,
	    text);
	address_free(&a);
	address_free(&base);
}

static void
here(const char *host, bool wanted)
{
	struct address a;
	char url[128];
	const char *why;

	snprintf(url, sizeof url, "http://%s/", host);
	if (address_parse(url, NULL, &a, &why) < 0) {
		ok(!wanted, host);
		return;
	}
	ok(address_is_here(&a) == wanted && address_is_private(&a) == wanted,
	    host);
	address_free(&a);
}

static void
refused(const char *text)
{
	struct address a;
	const char *why = NULL;

	ok(address_parse(text, NULL, &a, &why) < 0 && why, text);
}

static void
same(const char *x, const char *y, bool host, bool server)
{
	struct address a, b;
	const char *why;
	char name[128];

	snprintf(name, sizeof name, "%s and %s", x, y);
	if (address_parse(x, NULL, &a, &why) < 0 ||
	    address_parse(y, NULL, &b, &why) < 0) {
		ok(false, name);
		return;
	}
	ok(address_same_host(&a, &b) == host &&
		address_same_server(&a, &b) == server,
	    name);
	address_free(&a);
	address_free(&b);
}

static void
machine(void)
{
	static const char *const yes[] = {"localhost", "LOCALHOST:5000",
	    "127.0.0.1", "127.1.2.3:80", "127.255.255.255", "[::1]",
	    "[::1]:5000", "[0:0:0:0:0:0:0:1]", "0x7f.1", "2130706433",
	    "%6cocalhost"};
	static const char *const no[] = {"docker.io", "localhost.x",
	    "localhost.", "127.0.0.1.x", "127.x", "127.0.0.1-x.y", "128.0.0.1",
	    "126.255.255.255", "[::2]", "[::]", "0.0.0.0", "[::ffff:127.0.0.1]",
	    "localhos", "x.localhost", "localhost:1@192.0.2.2:6201",
	    "127.0.0.1:1@host", "[::1]x", "[::1%25lo]", "localhost\\@host",
	    "@localhost"};

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		here(yes[i], true);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		here(no[i], false);
}

int
main(void)
{
	struct address a;
	const char *why;

	parts("http://h/", "http", "h", "80", "/");
	parts("HTTPS://Host.X:7/a?b#c", "https", "host.x", "7", "/a?b");
	parts("https://h", "https", "h", "443", "/");
	parts("?n=2", "https", "base", "5000", "/v2/x/tags?n=2");
	parts("/a b", "https", "base", "5000", "/a%20b");
	parts("//other/a", "https", "other", "443", "/a");
	parts("https://h//other/a", "https", "h", "443", "//other/a");
	machine();
	refused("http://u@h/");
	refused("http://:p@h/");
	refused("http://@h/");
	refused("http://h:1@h/");
	refused("file:///etc/passwd");
	refused("ftp://h/");
	refused("/a");
	refused("h/a");
	refused("");
	refused("http://");
	refused("http://h:65536/");
	refused("http://a b/");
	refused("http://h/\r");
	refused("https://0x%7f.1/");
	refused("https://h%c3%a9/");
	same("http://h/a", "http://h:80/b", true, true);
	same("https://H/a", "https://h:443/b", true, true);
	same("http://h:443/", "https://h/", true, false);
	same("http://h/", "https://h/", false, false);
	same("http://h/", "http://h:81/", false, false);
	same("http://h/", "http://h2/", false, false);
	ok(address_parse("https://192.0.2.2/", NULL, &a, &why) == 0 &&
		!address_is_here(&a) && address_is_private(&a),
	    "https is private");
	address_free(&a);
	return tap_end();
}
