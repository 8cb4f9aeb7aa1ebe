/* SPDX-License-Identifier: ISC */
/*
 * Addresses and proxies, four lines: a URL, where that redirects to, no_proxy,
 * and a proxy.
 */
#include <stdlib.h>
#include <string.h>

#include "fetch/registry/address.h"
#include "fetch/registry/proxy.h"
#include "t/fuzz/fuzz.h"

static char *lines[4];

/* Whoever reads the text comes to the same server. */
static void
address_check(const struct address *a)
{
	struct address again;
	const char *why;
	size_t n;

	fuzz_must(address_parse(a->text, NULL, &again, &why) == 0,
	    "an address is read again");
	fuzz_must(address_same_server(a, &again), "it is the same server's");
	/* libcurl knows "?" with nothing behind it in some places only. */
	n = strlen(again.path);
	fuzz_must(!strncmp(a->path, again.path, n) &&
		      (!a->path[n] || !strcmp(a->path + n, "?")),
	    "it is the same place");
	fuzz_must(*a->path == '/', "a path begins with a slash");
	fuzz_must(!strpbrk(a->host, "/@?#\\ \t\r\n"), "a host is one");
	fuzz_must(!strpbrk(a->path, " \t\r\n"), "a path is one word");
	address_is_private(a);
	address_free(&again);
}

static void
way(void *arg)
{
	struct address a, next;
	const char *why = NULL;
	struct proxy p;

	(void)arg;
	if (address_parse(lines[0], NULL, &a, &why) < 0) {
		fuzz_must(why, "there is a reason");
		return;
	}
	address_check(&a);
	fuzz_must(proxy_is_spared("*", &a), "* names all");
	proxy_is_spared(lines[2], &a);
	if (address_parse(lines[1], &a, &next, &why) == 0) {
		address_check(&next);
		address_free(&next);
	}
	p = proxy_of(&a);
	fuzz_must(!p.url || !strchr(p.url, '@'), "a proxy's URL has no user");
	proxy_free(&p);
	address_free(&a);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = fuzz_text(data, len), *rest = text;
	int n = 0;

	while (n < 4 && (lines[n] = fuzz_line(&rest)))
		n++;
	if (n == 4) {
		setenv("no_proxy", lines[2], 1);
		setenv("http_proxy", lines[3], 1);
		setenv("https_proxy", lines[3], 1);
		fuzz_survived(way, NULL);
		fuzz_must(!strstr(fuzz_last_words(), "secret"),
		    "a password isn't shown");
	}
	free(text);
	return 0;
}
