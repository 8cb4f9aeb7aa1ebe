/* SPDX-License-Identifier: ISC */
/* Platforms: OS/ARCH[/VARIANT], in the names of Go's GOOS and GOARCH. */
#ifndef LIB_PLATFORM_H
#define LIB_PLATFORM_H

#include <stdbool.h>

struct platform {
	char *os;      /* NULL: not said */
	char *arch;    /* NULL: not said */
	char *variant; /* NULL: not said */
};

/* This machine's platform, by uname(2). */
void platform_host(struct platform *p);

/*
 * From OS/ARCH[/VARIANT]; -1 when it isn't of that form.  Names that others
 * have for an architecture, such as x86_64, aarch64 and armhf, become Go's.
 */
int platform_parse(const char *text, struct platform *p);

/*
 * The value of --platform into a struct platform * at "at", for a table of
 * lib/options.h: NULL, or what is wrong with it.
 */
const char *platform_take(void *at, char *text);

/*
 * How well an image made for have runs where want is wanted: 0 not at all,
 * more is better.  A variant that want leaves out matches any; arm64 is v8,
 * arm v7 runs v6 and v5, amd64 v3 runs v2 and v1, as containerd has it.
 */
int platform_match(const struct platform *want, const struct platform *have);

/* "linux/arm/v7", owned by the caller. */
char *platform_text(const struct platform *p);
void platform_free(struct platform *p);

#endif
