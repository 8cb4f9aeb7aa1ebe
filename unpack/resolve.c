/* SPDX-License-Identifier: ISC */
/* Names with symbolic links in them, or with parts that are missing. */
#include "unpack/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "unpack/directory.h"
#include "unpack/removal.h"

#define LINKS_MAX 40 /* the kernel's limit, too */

struct walk {
	struct tree *tree;
	const char *name; /* for messages */
	enum enter how;
	char path[PATH_MAX]; /* so far */
	char *rest;          /* what is to come, owned */
	int links;
};

/* Cut off the last component; above the root is the root. */
static void
walk_up(struct walk *w)
{
	char *slash = strrchr(w->path, '/');

	*(slash ? slash : w->path) = 0;
}

/* Put the target of a link, its descriptor given, before the rest. */
static void
walk_link(struct walk *w, int link)
{
	char target[PATH_MAX], *rest;
	ssize_t n = readlinkat(link, "", target, sizeof target - 1);

	if (n < 0)
		diesys("%s", w->name);
	target[n] = 0;
	close(link);
	if (++w->links > LINKS_MAX)
		die("%s: too many symbolic links", w->name);
	walk_up(w);
	if (*target == '/')
		*w->path = 0;
	rest = xasprintf("%s/%s", target, w->rest);
	free(w->rest);
	w->rest = rest;
}

/* What is missing, or what a lower layer has as something else. */
static void
walk_make(struct walk *w, bool exists)
{
	struct tree *t = w->tree;
	char parent[PATH_MAX], *slash;
	const char *last;
	int fd;

	if (exists && tree_added(t, w->path) != ADDED_NOT)
		die("%s: %s is not a directory", w->name, w->path);
	strcpy(parent, w->path);
	slash = strrchr(parent, '/');
	*(slash ? slash : parent) = 0;
	last = w->path + (slash ? slash - parent + 1 : 0);
	fd = tree_open(t, parent, O_PATH | O_DIRECTORY);
	if (fd < 0)
		diesys("%s", w->path);
	if ((exists && removal(fd, last) < 0) || mkdirat(fd, last, 0700) < 0)
		diesys("%s", w->path);
	directory_implied(t, w->path);
	close(fd);
}

/* One component: 0, or -1 when it isn't there. */
static int
walk_step(struct walk *w, const char *name)
{
	struct stat st;
	int fd;

	tree_join(w->path, w->path, name);
	fd = tree_open(w->tree, w->path, O_PATH | O_NOFOLLOW);
	if (fd < 0 && errno != ENOENT)
		diesys("%s", w->name);
	if (fd >= 0) {
		if (fstat(fd, &st) < 0)
			diesys("%s", w->name);
		if (S_ISLNK(st.st_mode)) {
			walk_link(w, fd);
			return 0;
		}
		close(fd);
		if (S_ISDIR(st.st_mode))
			return 0;
	}
	if (w->how == ENTER_LOOK)
		return -1;
	walk_make(w, fd >= 0);
	return 0;
}

/* Take the next component off the rest. */
static void
walk_take(struct walk *w, char component[NAME_MAX + 1])
{
	size_t n = strcspn(w->rest, "/");

	if (n > NAME_MAX) {
		errno = ENAMETOOLONG;
		diesys("%.60s...", w->rest);
	}
	memcpy(component, w->rest, n);
	component[n] = 0;
	n += strspn(w->rest + n, "/");
	memmove(w->rest, w->rest + n, strlen(w->rest + n) + 1);
}

char *
resolve(struct tree *t, const char *name, enum enter how, int *fd)
{
	struct walk w = {.tree = t, .name = name, .how = how};
	char component[NAME_MAX + 1];
	int r = 0;

	w.rest = xstrdup(name);
	while (!r && *w.rest) {
		walk_take(&w, component);
		if (!strcmp(component, ".."))
			walk_up(&w);
		else if (*component && strcmp(component, "."))
			r = walk_step(&w, component);
	}
	free(w.rest);
	if (r < 0)
		return NULL;
	*fd = tree_open(t, w.path, O_PATH | O_DIRECTORY);
	if (*fd < 0)
		diesys("%s", name);
	return xstrdup(w.path);
}
