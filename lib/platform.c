/* SPDX-License-Identifier: ISC */
/* Platforms: their names, and which image runs where. */
#include "lib/platform.h"

#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/mem.h"

/* What uname(2) says, and what Go says. */
static const struct {
	const char *machine, *arch, *variant;
} machines[] = {
    {"x86_64", "amd64", NULL},
    {"i386", "386", NULL},
    {"i486", "386", NULL},
    {"i586", "386", NULL},
    {"i686", "386", NULL},
    {"aarch64", "arm64", NULL},
    {"armv8l", "arm", "v7"},
    {"armv7l", "arm", "v7"},
    {"armv6l", "arm", "v6"},
    {"armv5tel", "arm", "v5"},
    {"armv5tejl", "arm", "v5"},
#if BYTE_ORDER == LITTLE_ENDIAN
    {"mips", "mipsle", NULL},
    {"mips64", "mips64le", NULL},
#endif
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

void
platform_host(struct platform *p)
{
	struct utsname u;

	uname(&u);
	*p = (struct platform){.os = xstrdup("linux")};
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (strcmp(u.machine, machines[i].machine) == 0) {
			p->arch = xstrdup(machines[i].arch);
			if (machines[i].variant)
				p->variant = xstrdup(machines[i].variant);
			return;
		}
	/* The others, such as riscv64 and s390x, have one name. */
	p->arch = xstrdup(u.machine);
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
	*p = new;
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
	int wanted, had;

	if (!want->os || !want->arch || !have->os || !have->arch ||
	    strcmp(want->os, have->os) != 0 ||
	    strcmp(want->arch, have->arch) != 0)
		return 0;
	if (want->variant && have->variant
		? strcmp(want->variant, have->variant) == 0
		: want->variant == have->variant)
		return EXACT;
	wanted = variant_number(want->arch, want->variant);
	had = variant_number(have->arch, have->variant);
	if (wanted > 0 && had > 0 && had <= wanted)
		return RUNS - (wanted - had);
	if (want->variant)
		return 0;
	return had > 0 ? ANY - (had - wanted) : 1;
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
