/* SPDX-License-Identifier: ISC */
/*
 * Another user who is quick, as a library to be preloaded: each time a program
 * has made a directory whose name begins with $SWAP, it is moved away, and
 * $SWAP_BY stands in its place.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void
swap(int dir, const char *name)
{
	const char *begin = getenv("SWAP"), *by = getenv("SWAP_BY");

	if (!begin || !by || strncmp(name, begin, strlen(begin)))
		return;
	if (renameat(dir, name, dir, "moved") || renameat(-100, by, dir, name))
		perror("swap");
}

int
mkdirat(int dir, const char *name, mode_t mode)
{
	int (*real)(int, const char *, mode_t) =
	    (int (*)(int, const char *, mode_t))dlsym(RTLD_NEXT, "mkdirat");
	int r = real(dir, name, mode);

	if (!r)
		swap(dir, name);
	return r;
}
