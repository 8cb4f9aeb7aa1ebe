/* SPDX-License-Identifier: ISC */
/* fetch/reference: Docker's grammar and its defaults. */
#include <stdlib.h>
#include <string.h>

#include "fetch/image/reference.h"
#include "t/tap.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A128 A32 A32 A32 A32

static void
names(void)
{
	static const char *const good[][2] = {
	    {"busybox", "docker.io/library/busybox:latest"},
	    {"busybox:1.36", "docker.io/library/busybox:1.36"},
	    {"a/b", "docker.io/a/b:latest"},
	    {"docker.io/busybox", "docker.io/library/busybox:latest"},
	    {"docker.io/a/b:c", "docker.io/a/b:c"},
	    {"index.docker.io/busybox", "docker.io/library/busybox:latest"},
	    {"docker.io:443/busybox", "docker.io/library/busybox:latest"},
	    {"Registry-1.docker.io:443/a/b", "docker.io/a/b:latest"},
	    {"index.docker.io:80/a", "index.docker.io:80/a:latest"},
	    {"Docker.IO/busybox", "docker.io/library/busybox:latest"},
	    {"registry-1.docker.io/busybox",
		"docker.io/library/busybox:latest"},
	    {"localhost/a", "localhost/a:latest"},
	    {"localhost:5000/a", "localhost:5000/a:latest"},
	    {"host:5000/a:b", "host:5000/a:b"},
	    {"host/a:b", "docker.io/host/a:b"},
	    {"Host/a:b", "Host/a:b"},
	    {"host.x/a", "host.x/a:latest"},
	    {"[::1]:5000/a", "[::1]:5000/a:latest"},
	    {"[fe80:0::1.2.3.4]/a", "[fe80::102:304]/a:latest"},
	    {"[0:0::0001]:5000/a", "[::1]:5000/a:latest"},
	    {"[::ffff:127.0.0.1]:5/a", "127.0.0.1:5/a:latest"},
	    {"127.0.0.1/a", "127.0.0.1/a:latest"},
	    {"1.2.3.4.x/a", "1.2.3.4.x/a:latest"},
	    {"x.y/a/b_c/d__e/f-g/h--i/j.k",
		"x.y/a/b_c/d__e/f-g/h--i/j.k:latest"},
	    {"a@sha256:" HEX, "docker.io/library/a@sha256:" HEX},
	    {"a:b@sha256:" HEX, "docker.io/library/a:b@sha256:" HEX},
	    {"a@sha512:" HEX HEX, "docker.io/library/a@sha512:" HEX HEX},
	    {"a:_.-" A32, "docker.io/library/a:_.-" A32},
	    {"a:" A128, "docker.io/library/a:" A128},
	    {"x/" HEX, "docker.io/x/" HEX ":latest"},
	};
	struct reference r;
	const char *why;
	char *text;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		if (reference_parse(good[i][0], &r, &why) < 0) {
			ok(false, good[i][0]);
			continue;
		}
		text = reference_text(&r);
		ok(strcmp(text, good[i][1]) == 0, good[i][0]);
		free(text);
		reference_free(&r);
	}
}

static void
prefixes(void)
{
	static const char *const good[] = {"h", "h:5", "h.x/a", "h:5/a/b",
	    "H/a", "localhost/a", "h.x/a:T", "h.x/a@sha256:" HEX, "[::1]:5/a",
	    "h.x/a:T@sha256:" HEX, "*.x", "*.localhost"};
	static const char *const bad[] = {"", "*", "*.", "*.h:5", "*.x/a",
	    "a*.x", "*x", "h.x/a*", "h.x//a", "h.x/", "/a", " h.x", "h.x ",
	    "h.x/A", "h:", "h:tag", ("h@sha256:" HEX), "a/b",
	    "h.x/a:", "h.x/a@", "h.x/a@sha256:0", "*.*.x", "*.[::1]"};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ok(reference_prefix_valid(good[i]), good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(!reference_prefix_valid(bad[i]), bad[i]);
}

static void
refusals(void)
{
	static const char *const bad[] = {"", ":", "@", "/", "a/", "/a", "a//b",
	    "A", "a:", "a:b:c", "a@", "a@b", "a:-b", "a:.b", "a:" A128 "a",
	    "a b", "a/../b", "../a", "a/.b", "a/b.", "a..b", "a___b", "_a",
	    "a-", "a._b", HEX, "docker://busybox", "https://x.y/a", "x.y:/a",
	    "x.y:65536/a", "x.y:5a/a", "-x.y/a", "x-.y/a", "x..y/a", "[::1/a",
	    "[]/a", "[::g]/a", "x.y/", "a@sha256:../../x", "a@sha256:" HEX "0",
	    "a@md5:" HEX, "a@sha256:" HEX "@sha256:" HEX, "x.y/a?b",
	    "127.1:5/a", "127.0.0.01/a", "0x7f.0.0.1/a", "2130706433:5/a",
	    "127.0.0.0x1/a", "1.2.3.256/a", "x.1/a", "x.y/a%2fb", "user@x.y/a",
	    "x.y#/a", "x.y/" A128 "/" A128};
	struct reference r;
	const char *why;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		why = NULL;
		ok(reference_parse(bad[i], &r, &why) < 0 && why, bad[i]);
	}
}

int
main(void)
{
	struct reference r;
	const char *why;

	names();
	prefixes();
	refusals();
	ok(reference_parse("a:b@sha256:" HEX, &r, &why) == 0 &&
		strcmp(reference_object(&r), "sha256:" HEX) == 0,
	    "the digest is what is asked for");
	reference_free(&r);
	return tap_end();
}
