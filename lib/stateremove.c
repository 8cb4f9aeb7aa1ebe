/* SPDX-License-Identifier: ISC */
/* The end of a container's directory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/statedir.h"

static int dir_empty(int dir, bool deeper);

/* With the files in it, if it is a directory and deeper is said. */
static int
entry_remove(int dir, const char *name, bool deeper)
{
	int r = unlinkat(dir, name, 0), sub;

	if (r == 0 || errno != EISDIR || !deeper)
		return r;
	sub = openat(dir, name, STATE_OPEN | O_NOFOLLOW);
	if (sub < 0)
		return -1;
	r = dir_empty(sub, false);
	close(sub);
	return r < 0 ? -1 : unlinkat(dir, name, AT_REMOVEDIR);
}

/* Remove the files of dir, state.json last: 0, or -1 with errno. */
static int
dir_empty(int dir, bool deeper)
{
	struct dirent *e;
	int fd, r = 0;
	DIR *d;

	fd = openat(dir, ".", STATE_OPEN);
	if (fd < 0)
		return -1;
	d = fdopendir(fd);
	if (!d)
		die("out of memory");
	while (r == 0 && (e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") &&
		    strcmp(e->d_name, "state.json"))
			r = entry_remove(dir, e->d_name, deeper);
	closedir(d);
	if (r == 0 && unlinkat(dir, "state.json", 0) < 0 && errno != ENOENT)
		r = -1;
	return r;
}

/* Somebody who sweeps removes what is empty, too. */
static int
dir_remove(int root, const char *name, int dir, bool deeper)
{
	int r = dir_empty(dir, deeper);

	if (r == 0 && unlinkat(root, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		r = -1;
	return r;
}

int
state_remove(int root, const char *id, int dir)
{
	int r = dir_remove(root, id, dir, true);

	if (r < 0)
		warnsys("%s: its state can't be removed", id);
	state_unlock(dir);
	return r;
}

int
state_remove_nameless(int root, const char *name, int dir)
{
	int r = dir_remove(root, name, dir, false);

	state_unlock(dir);
	return r;
}
