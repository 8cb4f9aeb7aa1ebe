/* SPDX-License-Identifier: ISC */
/*
 * Taking away what is at a name.  One descriptor is open at a time, however
 * deep a tree is: the way up is ".." of a directory nobody else moves.
 */
#include "unpack/removal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"

struct descent {
	char **names; /* of the directories that were entered */
	size_t n;
	DIR *at;
};

static bool
is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Go from directory dir to name in it, or up with "..". */
static int
descent_go(struct descent *d, int dir, const char *name)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *to = fd < 0 ? NULL : fdopendir(fd);

	if (!to)
		return -1;
	if (d->at)
		closedir(d->at);
	d->at = to;
	return 0;
}

static int
descent_down(struct descent *d, int dir, const char *name)
{
	char *copy = xstrdup(name);

	/* A mode such as 0555 would keep its owner from emptying it. */
	(void)!fchmodat(dir, name, 0700, 0);
	if (descent_go(d, dir, name) < 0) {
		free(copy);
		return -1;
	}
	d->names = xreallocarray(d->names, d->n + 1, sizeof *d->names);
	d->names[d->n++] = copy;
	return 0;
}

/* Remove what can be; 1 after entering a directory, 0 when this is empty. */
static int
descent_sweep(struct descent *d)
{
	struct dirent *e;

	while (errno = 0, (e = readdir(d->at))) {
		if (is_dots(e->d_name) ||
		    unlinkat(dirfd(d->at), e->d_name, 0) == 0)
			continue;
		if (errno != EISDIR)
			return -1;
		return descent_down(d, dirfd(d->at), e->d_name) < 0 ? -1 : 1;
	}
	return errno ? -1 : 0;
}

static int
descent_run(struct descent *d, int dir)
{
	while (d->n) {
		char *name = d->names[d->n - 1];
		int r = descent_sweep(d);

		if (r < 0)
			return -1;
		if (r)
			continue;
		if (d->n > 1 && descent_go(d, dirfd(d->at), "..") < 0)
			return -1;
		if (unlinkat(
			d->n > 1 ? dirfd(d->at) : dir, name, AT_REMOVEDIR) < 0)
			return -1;
		free(name);
		d->n--;
	}
	return 0;
}

int
removal_try(int dir, const char *name)
{
	struct descent d = {0};
	int r, error;

	if (unlinkat(dir, name, 0) == 0)
		return 0;
	if (errno != EISDIR)
		return -1;
	r = descent_down(&d, dir, name);
	if (!r)
		r = descent_run(&d, dir);
	error = errno;
	while (d.n)
		free(d.names[--d.n]);
	free(d.names);
	if (d.at)
		closedir(d.at);
	errno = error;
	return r;
}

void
removal(int dir, const char *name)
{
	if (removal_try(dir, name) < 0)
		diesys("%s: can't be removed", name);
}
