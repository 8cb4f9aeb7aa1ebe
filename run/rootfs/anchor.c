/* SPDX-License-Identifier: ISC */
/* The mounts that something else is to be found below. */
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "lib/mem.h"
#include "run/rootfs/anchor.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"

/* The next component of path, its length in *n; 0 at the end. */
static const char *
component(const char *path, size_t *n)
{
	do {
		path += strspn(path, "/");
		*n = strcspn(path, "/");
		if (*n != 1 || *path != '.')
			return path;
		path++;
	} while (true);
}

/*
 * How many components of path are those of prefix, -1 when they are not all
 * of prefix or one of either is "..".  *rest is what follows in path.
 */
static int
below(const char *path, const char *prefix, const char **rest)
{
	const char *a, *b;
	size_t m, n;

	for (int depth = 0;; depth++) {
		b = component(prefix, &n);
		a = component(path, &m);
		*rest = a;
		if (n == 0)
			return depth;
		if (m != n || memcmp(a, b, n) != 0 ||
		    (n == 2 && memcmp(a, "..", 2) == 0))
			return -1;
		path = a + m;
		prefix = b + n;
	}
}

static bool
has_dots(const char *path)
{
	size_t n;

	for (path = component(path, &n); n; path = component(path + n, &n))
		if (n == 2 && memcmp(path, "..", 2) == 0)
			return true;
	return false;
}

static bool
is_below_any(char **paths, const char *prefix)
{
	const char *rest;

	for (; *paths; paths++)
		if (below(*paths, prefix, &rest) >= 0)
			return true;
	return false;
}

/* Each anchor holds a descriptor, and there may be thousands of mounts. */
static bool
is_needed(const struct spec *spec, const char *destination)
{
	const char *rest;

	if (below("/dev/console", destination, &rest) >= 0 ||
	    below("/dev/pts/ptmx", destination, &rest) >= 0 ||
	    below(spec->process.cwd, destination, &rest) >= 0 ||
	    is_below_any(spec->masked, destination) ||
	    is_below_any(spec->readonly, destination))
		return true;
	for (size_t i = 0; i < spec->ndevices; i++)
		if (below(spec->devices[i].path, destination, &rest) >= 0)
			return true;
	for (size_t i = 0; i < spec->nmounts; i++)
		if (below(spec->mounts[i].destination, destination, &rest) >=
			0 &&
		    *rest)
			return true;
	return false;
}

void
anchor_add(
    struct root *root, const struct spec *spec, const char *destination, int fd)
{
	struct anchor *a;
	const char *rest;

	if (has_dots(destination))
		return;
	for (size_t i = 0; i < root->nanchors; i++)
		if (below(root->anchors[i].path, destination, &rest) >= 0)
			root->anchors[i].covered = true;
	if (!is_needed(spec, destination))
		return;
	root->anchors = xreallocarray(
	    root->anchors, root->nanchors + 1, sizeof *root->anchors);
	a = &root->anchors[root->nanchors++];
	*a = (struct anchor){.path = destination,
	    .fd = fcntl(fd, F_DUPFD_CLOEXEC, 3),
	    .mount = root->nmounts - 1};
	if (a->fd < 0)
		diesys("config.json: mounts: %s", destination);
}

const struct anchor *
anchor_find(const struct root *root, const char *path, const char **rest)
{
	const struct anchor *best = NULL, *a;
	int deepest = 0, depth;
	const char *after;

	if (has_dots(path))
		return NULL;
	for (a = root->anchors; a < root->anchors + root->nanchors; a++) {
		depth = a->covered ? -1 : below(path, a->path, &after);
		if (depth < deepest)
			continue;
		deepest = depth;
		best = a;
		*rest = after;
	}
	return best;
}
