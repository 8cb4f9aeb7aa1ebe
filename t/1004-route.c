/* SPDX-License-Identifier: ISC */
/* fetch/route: which answers send elsewhere, and who is met on the way. */
#include <stdio.h>

#include "fetch/registry/response.h"
#include "fetch/registry/route.h"
#include "t/tap.h"

static void
begin(struct route *route, const char *url)
{
	struct address first;
	const char *why;

	if (address_parse(url, NULL, &first, &why) < 0)
		ok(false, url);
	route_begin(route, &first);
}

static bool
follow(struct route *route, long status, const char *location)
{
	struct response answer = {
	    .status = status, .location = (char *)location};

	return route_is_on(&answer) && !route_follow(route, &answer);
}

static void
statuses(void)
{
	static const long yes[] = {301, 302, 303, 307, 308};
	static const long no[] = {200, 201, 206, 300, 304, 305, 306, 309, 404};
	struct route route;
	char name[64];

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		begin(&route, "http://a/b");
		snprintf(name, sizeof name, "%ld sends elsewhere", yes[i]);
		ok(follow(&route, yes[i], "/c"), name);
		ok(!follow(&route, yes[i], ""), "  if it says where");
		route_free(&route);
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		begin(&route, "http://a/b");
		snprintf(name, sizeof name, "%ld doesn't", no[i]);
		ok(!follow(&route, no[i], "/c"), name);
		route_free(&route);
	}
}

static void
strays(const char *to, bool strayed)
{
	struct route route;

	begin(&route, "http://a:5000/b");
	ok(follow(&route, 307, to) && route.strayed == strayed, to);
	ok(follow(&route, 307, "http://a:5000/b") && route.strayed == strayed,
	    "  and back");
	route_free(&route);
}

/* Of one host and port, by another scheme, is another server. */
static void
scheme(void)
{
	struct route route;

	begin(&route, "http://a:5000/b");
	ok(follow(&route, 307, "https://a:5000/b") && route.strayed,
	    "https is another server than http");
	route_free(&route);
}

/* What is behind the door of whoever asks is no other's to ask for. */
static void
inner(void)
{
	static const char *const all[] = {"http://127.0.0.1/", "http://127.9/",
	    "http://2130706433/", "http://localhost:5000/", "http://[::1]/",
	    "http://169.254.169.254/latest/", "http://0xa9fea9fe/",
	    "http://[fe80::1]/", "http://0.0.0.0:5000/", "http://0/",
	    "http://[::]/", "http://[::ffff:127.0.0.1]/",
	    "http://[::ffff:7f00:1]/", "http://[::ffff:0.0.0.0]/",
	    "http://[::ffff:169.254.169.254]/", "http://x.localhost:5000/",
	    "http://X.Y.LocalHost/", "http://localhost./",
	    "http://x.localhost./", "http://127.0.0.1./",
	    "http://[64:ff9b::127.0.0.1]/"};
	struct route route;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		begin(&route, "http://192.0.2.1/b");
		ok(!follow(&route, 307, all[i]), all[i]);
		route_free(&route);
		begin(&route, "http://localhost/b");
		ok(follow(&route, 307, all[i]), "  but from here");
		route_free(&route);
	}
	begin(&route, "http://192.0.2.1/b");
	ok(follow(&route, 307, "http://[2001:db8::1]/"), "any other");
	ok(follow(&route, 307, "http://xlocalhost/"), "a name alike");
	ok(follow(&route, 307, "http://localhost.example/"), "and another");
	route_free(&route);
}

/* Who is in a private network may send to others in one, and only they. */
static void
networks(void)
{
	static const char *const private[] = {"http://10.0.0.1/",
	    "http://172.16.0.1/", "http://172.31.255.255/",
	    "http://192.168.0.1/", "http://100.64.0.1/", "http://[fd00::1]/",
	    "http://[fc00::1]/", "http://[::ffff:10.0.0.1]/",
	    "http://[64:ff9b::10.0.0.1]/"};
	static const char *const public[] = {"http://172.32.0.1/",
	    "http://172.15.0.1/", "http://100.128.0.1/", "http://11.0.0.1/",
	    "http://192.169.0.1/", "http://[fe00::1]/",
	    "http://[64:ff9b::192.0.2.9]/", "http://[64:ff9b:1::1]/"};
	struct route route;

	for (size_t i = 0; i < sizeof private / sizeof *private; i++) {
		begin(&route, "http://192.0.2.1/b");
		ok(!follow(&route, 307, private[i]), private[i]);
		route_free(&route);
		begin(&route, "http://10.9.9.9/b");
		ok(follow(&route, 307, private[i]), "  but from one");
		ok(!follow(&route, 307, "http://127.0.0.1/"), "  never here");
		route_free(&route);
	}
	for (size_t i = 0; i < sizeof public / sizeof *public; i++) {
		begin(&route, "http://192.0.2.1/b");
		ok(follow(&route, 307, public[i]), public[i]);
		route_free(&route);
	}
}

int
main(void)
{
	statuses();
	networks();
	strays("/c", false);
	strays("?d", false);
	strays("http://A:5000/c", false);
	strays("//a:5000/c", false);
	strays("http://a/c", true);
	strays("http://a:5001/c", true);
	strays("http://b:5000/c", true);
	strays("//b:5000/c", true);
	scheme();
	inner();
	return tap_end();
}
