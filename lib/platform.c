/* SPDX-License-Identifier: ISC */
/* Platforms: their names, and which image runs where. */
#include "lib/platform.h"

#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/mem.h"

/* What uname(2), Debian and people say, and what Go says. */
static const struct {
	const char *name, *arch, *variant;
} aliases[] = {
    {"x86_64", "amd64", NULL},
    {"x86-64", "amd64", NULL},
    {"i386", "386", NULL},
    {"i486", "386", NULL},
    {"i586", "386", NULL},
    {"i686", "386", NULL},
    {"x86", "386", NULL},
    {"aarch64", "arm64", NULL},
    {"armv8l", "arm", "v7"},
    {"armv7l", "arm", "v7"},
    {"armv6l", "arm", "v6"},
    {"armv5tel", "arm", "v5"},
    {"armv5tejl", "arm", "v5"},
    {"armhf", "arm", "v7"},
    {"armel", "arm", "v6"},
    {"ppc64el", "ppc64le", NULL},
    {"loongarch64", "loong64", NULL},
};

/* The variant that is meant where none is said. */
static const struct {
	const char *arch;
	int variant;
} defaults[] = {
    {"amd64", 100},
    {"arm", 700},
    {"arm64", 800},
};

/* Go's name of an architecture, and the variant that an alias implies. */
static void
canonical(const char **arch, const char **variant)
{
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
		if (strcmp(*arch, aliases[i].name))
			continue;
		*arch = aliases[i].arch;
		if (!*variant)
			*variant = aliases[i].variant;
		return;
	}
}

void
platform_host(struct platform *p)
{
	const char *arch, *variant = NULL;
	struct utsname u;

	uname(&u);
	arch = u.machine;
	canonical(&arch, &variant);
	/* For these uname(2) doesn't say which way round they are. */
	if (BYTE_ORDER == LITTLE_ENDIAN && !strcmp(arch, "mips"))
		arch = "mipsle";
	if (BYTE_ORDER == LITTLE_ENDIAN && !strcmp(arch, "mips64"))
		arch = "mips64le";
	*p = (struct platform){.os = xstrdup("linux"),
	    .arch = xstrdup(arch),
	    .variant = variant ? xstrdup(variant) : NULL};
}

/* A part of OS/ARCH[/VARIANT], to be free of anything but a name. */
static char *
part_take(const char **text)
{
	size_t n = strcspn(*text, "/");
	char *part;

	if (n == 0 ||
	    strspn(*text, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") < n)
		return NULL;
	part = xstrndup(*text, n);
	*text += n;
	return part;
}

int
platform_parse(const char *text, struct platform *p)
{
	struct platform new = {0};
	const char *arch, *variant;

	new.os = part_take(&text);
	if (*text == '/' && new.os) {
		text++;
		new.arch = part_take(&text);
	}
	if (*text == '/' && new.arch) {
		text++;
		new.variant = part_take(&text);
		if (!new.variant)
			text = "/";
	}
	if (!new.arch || *text) {
		platform_free(&new);
		return -1;
	}
	arch = new.arch;
	variant = new.variant;
	canonical(&arch, &variant);
	*p = (struct platform){.os = xstrdup(new.os),
	    .arch = xstrdup(arch),
	    .variant = variant ? xstrdup(variant) : NULL};
	platform_free(&new);
	return 0;
}

/* "v8" is 800, "v8.2" 802; 0 where the architecture has no such order. */
static int
variant_number(const char *arch, const char *variant)
{
	unsigned long major, minor = 0;
	char *end;

	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
		if (strcmp(arch, defaults[i].arch) != 0)
			continue;
		if (!variant)
			return defaults[i].variant;
		if (variant[0] != 'v' || variant[1] < '1' || variant[1] > '9')
			return 0;
		major = strtoul(variant + 1, &end, 10);
		if (*end == '.' && end[1] >= '0' && end[1] <= '9')
			minor = strtoul(end + 1, &end, 10);
		return *end || major > 99 || minor > 99
			   ? 0
			   : (int)(100 * major + minor);
	}
	return 0;
}

int
platform_match(const struct platform *want, const struct platform *have)
{
	enum { EXACT = 100000, RUNS = 50000, ANY = 20000 };
	const char *arch = want->arch, *variant = want->variant;
	const char *its_arch = have->arch, *its_variant = have->variant;
	int wanted, had;

	if (!want->os || !arch || !have->os || !its_arch ||
	    strcmp(want->os, have->os) != 0)
		return 0;
	canonical(&arch, &variant);
	canonical(&its_arch, &its_variant);
	if (strcmp(arch, its_arch) != 0)
		return 0;
	if (variant && its_variant ? strcmp(variant, its_variant) == 0
				   : variant == its_variant)
		return EXACT;
	wanted = variant_number(arch, variant);
	had = variant_number(arch, its_variant);
	if (wanted > 0 && had > 0 && had <= wanted)
		return RUNS - (wanted - had);
	if (variant)
		return 0;
	return had > 0 ? ANY - (had - wanted) : 1;
}

const char *
platform_take(void *at, char *text)
{
	struct platform **p = at;

	*p = xcalloc(1, sizeof **p);
	return platform_parse(text, *p) < 0 ? "must be OS/ARCH[/VARIANT]"
					    : NULL;
}

char *
platform_text(const struct platform *p)
{
	return xasprintf("%s/%s%s%s", p->os ? p->os : "?",
	    p->arch ? p->arch : "?", p->variant ? "/" : "",
	    p->variant ? p->variant : "");
}

void
platform_free(struct platform *p)
{
	free(p->os);
	free(p->arch);
	free(p->variant);
	*p = (struct platform){0};
}
