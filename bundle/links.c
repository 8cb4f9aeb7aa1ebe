/* SPDX-License-Identifier: ISC */
/*
 * A bundle's links to its layers: short names, so that those of many layers
 * fit into the mount's options.
 */
#include "bundle/links.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"

#define NUMBER_MAX 16 /* bytes of a link's name */

struct links {
	int dir;
	char *store; /* without links in it */
	const char *names;
	int i;
	char number[NUMBER_MAX];
};

static void
begin(struct links *l, int dir, const char *store, const char *names)
{
	*l = (struct links){.dir = dir, .names = names, .i = -1};
	l->store = realpath(store, NULL);
	if (!l->store)
		diesys("%s", store);
}

/* Where the next link leads, owned, and number its name; NULL: all were. */
static char *
next(struct links *l)
{
	size_t len = strcspn(l->names, "\n");
	char *target = NULL;

	snprintf(l->number, sizeof l->number, "%d", ++l->i);
	if (*l->names)
		target = xasprintf("%s/%.*s", l->store, (int)len, l->names);
	l->names += len + (l->names[len] == '\n');
	return target;
}

void
links_make(int dir, const char *store, const char *names)
{
	struct links l;
	char *target;

	for (begin(&l, dir, store, names); (target = next(&l)); free(target))
		if (symlinkat(target, dir, l.number))
			diesys("rootfs of the bundle: layers");
	free(l.store);
}

static void
check(const struct links *l, const char *target)
{
	char found[PATH_MAX];
	ssize_t n = readlinkat(l->dir, l->number, found, sizeof found - 1);

	if (n < 0 && errno != ENOENT && errno != EINVAL)
		diesys("rootfs of the bundle: layers/%s", l->number);
	if (n < 0 || (size_t)n != strlen(target) ||
	    memcmp(found, target, (size_t)n))
		die("rootfs of the bundle: layers/%s is no link to %s; the "
		    "bundle was made with another directory or has been "
		    "changed, remove its rootfs to have it made again",
		    l->number, target);
}

int
links_check(int dir, const char *store, const char *names)
{
	struct links l;
	struct stat st;
	char *target;

	for (begin(&l, dir, store, names); (target = next(&l)); free(target))
		check(&l, target);
	if (!fstatat(dir, l.number, &st, AT_SYMLINK_NOFOLLOW))
		die("rootfs of the bundle: layers/%s is none of the image's "
		    "layers",
		    l.number);
	free(l.store);
	return l.i;
}
