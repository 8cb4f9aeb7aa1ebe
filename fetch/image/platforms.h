/* SPDX-License-Identifier: ISC */
/* The platforms that the user named: OS/ARCH[/VARIANT],... */
#ifndef FETCH_IMAGE_PLATFORMS_H
#define FETCH_IMAGE_PLATFORMS_H

#include <stddef.h>

#include "lib/platform.h"

struct platforms {
	struct platform *all; /* each once */
	size_t n;             /* 0: none was named */
};

/*
 * The value of --platform into a struct platforms at "at", behind what it has:
 * NULL, or what is wrong with it.
 */
const char *platforms_take(void *at, char *text);

#endif
