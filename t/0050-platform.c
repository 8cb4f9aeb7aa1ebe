/* SPDX-License-Identifier: ISC */
/* lib/platform: names of platforms, and which image runs where. */
#include <stdlib.h>
#include <string.h>

#include "lib/platform.h"
#include "t/tap.h"

static void
names(void)
{
	static const char *const bad[] = {"", "linux", "linux/", "/amd64",
	    "linux/amd64/", "linux/arm/v7/", "linux/arm/v7/x", "a b/c",
	    "linux/amd64\n"};
	static const char *const good[] = {
	    "linux/amd64", "linux/arm/v7", "windows/amd64", "linux/riscv64"};
	struct platform p = {0};
	char *text;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ok(platform_parse(good[i], &p) == 0, good[i]);
		text = platform_text(&p);
		ok(strcmp(text, good[i]) == 0, "  and back");
		free(text);
		platform_free(&p);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(platform_parse(bad[i], &p) < 0 && !p.os, "refused");
}

static int
match(const char *want, const char *have)
{
	struct platform w = {0}, h = {0};
	int r;

	if (platform_parse(want, &w) < 0 || platform_parse(have, &h) < 0)
		abort();
	r = platform_match(&w, &h);
	platform_free(&w);
	platform_free(&h);
	return r;
}

/* Every one of these runs where want is wanted, the first one best. */
static void
order(const char *want, const char *const *have)
{
	int last = 0x7fffffff, now;

	for (; *have; have++, last = now) {
		now = match(want, *have);
		printf("# %s %s: %d\n", want, *have, now);
		ok(now > 0 && now < last, *have);
	}
}

int
main(void)
{
	static const char *const none[][2] = {{"linux/amd64", "linux/arm64"},
	    {"linux/amd64", "windows/amd64"}, {"linux/arm/v6", "linux/arm/v7"},
	    {"linux/amd64/v2", "linux/amd64/v3"},
	    {"linux/arm64/v8", "linux/arm64/v9"}, {"linux/386", "linux/amd64"},
	    {"linux/ppc64le/power8", "linux/ppc64le/power9"},
	    {"linux/arm/v7", "linux/arm/x"}};
	static const char *const aliases[][2] = {
	    {"linux/x86_64", "linux/amd64"}, {"linux/aarch64", "linux/arm64"},
	    {"linux/armhf", "linux/arm/v7"}, {"linux/armel", "linux/arm/v6"},
	    {"linux/i386", "linux/386"}, {"linux/armhf/v6", "linux/arm/v6"}};
	struct platform host, nothing = {0};

	names();
	order("linux/arm/v7", (const char *[]){"linux/arm/v7", "linux/arm",
				  "linux/arm/v6", "linux/arm/v5", NULL});
	order("linux/arm",
	    (const char *[]){"linux/arm", "linux/arm/v7", "linux/arm/v6",
		"linux/arm/v5", "linux/arm/v8", NULL});
	order("linux/amd64/v3", (const char *[]){"linux/amd64/v3",
				    "linux/amd64/v2", "linux/amd64", NULL});
	order("linux/amd64", (const char *[]){"linux/amd64", "linux/amd64/v1",
				 "linux/amd64/v2", "linux/amd64/v3", NULL});
	order("linux/arm64", (const char *[]){"linux/arm64", "linux/arm64/v8",
				 "linux/arm64/v8.2", "linux/arm64/v9", NULL});
	order("linux/arm64/v9", (const char *[]){"linux/arm64/v9",
				    "linux/arm64/v8.2", "linux/arm64", NULL});
	order("linux/ppc64le",
	    (const char *[]){"linux/ppc64le", "linux/ppc64le/power9", NULL});
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		ok(match(none[i][0], none[i][1]) == 0, none[i][1]);
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		ok(match(aliases[i][0], aliases[i][1]) ==
			match("linux/amd64", "linux/amd64"),
		    aliases[i][0]);
	nothing =
	    (struct platform){(char *)"linux", (char *)"x86_64", (char *)NULL};
	ok(platform_parse("linux/amd64", &host) == 0 &&
		platform_match(&host, &nothing) > 0,
	    "an image may have such a name too");
	platform_free(&host);
	nothing = (struct platform){0};
	platform_host(&host);
	ok(platform_match(&host, &host) > 0, "this machine runs its own");
	ok(platform_match(&host, &nothing) == 0, "but not what says nothing");
	platform_free(&host);
	return tap_end();
}
