/* SPDX-License-Identifier: ISC */
/*
 * Names with symbolic links in them, or with parts that are missing: one
 * component after the other, each by the descriptor of the one before it.
 */
#include "unpack/tree/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/removal.h"

#define LINKS_MAX 40 /* the kernel's limit, too */
#define FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct way {
	struct tree *tree;
	const char *name; /* for messages */
	enum enter how;
	struct name *at; /* so far */
	int fd;
	char *rest; /* what is to come, from next on */
	size_t next;
	int links;
	size_t bytes; /* of the links' targets */
};

static void
way_go(struct way *w, int fd, struct name *to)
{
	if (fd < 0)
		diesys("%s", w->name);
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	w->at = to;
}

static void
way_begin(struct way *w)
{
	way_go(w, openat(w->tree->root, ".", FLAGS),
	    pathmap_root(&w->tree->directories));
}

/* Above the root is the root.  Nobody else moves directories in the tree. */
static void
way_up(struct way *w)
{
	if (w->at->parent)
		way_go(w, openat(w->fd, "..", FLAGS), w->at->parent);
}

/* Put the target of a link before the rest: 0, or -1 when it is no link. */
static int
way_link(struct way *w, const char *name)
{
	char target[PATH_MAX], *rest;
	ssize_t n = readlinkat(w->fd, name, target, sizeof target - 1);

	if (n < 0)
		return -1;
	target[n] = 0;
	w->bytes += (size_t)n;
	if (++w->links > LINKS_MAX || w->bytes >= PATH_MAX)
		die("%s: too many symbolic links", w->name);
	if (*target == '/')
		way_begin(w);
	rest = xasprintf("%s/%s", target, w->rest + w->next);
	free(w->rest);
	w->rest = rest;
	w->next = 0;
	return 0;
}

/* What is missing, or what a lower layer has as something else. */
static void
way_make(struct way *w, const char *name, bool exists)
{
	char path[PATH_MAX];

	if (exists) {
		name_path(w->at, path);
		tree_join(path, path, name);
		if (tree_added(w->tree, path))
			die("%s: %s is not a directory", w->name, path);
		if (removal(w->fd, name) < 0)
			diesys("%s", path);
	}
	if (mkdirat(w->fd, name, 0700) < 0)
		diesys("%s: %s", w->name, name);
	way_go(w, openat(w->fd, name, FLAGS),
	    dirmeta_implied(w->tree, w->at, name));
}

/* One component: 0, or -1 when it isn't there. */
static int
way_step(struct way *w, const char *name)
{
	int fd = openat(w->fd, name, FLAGS);

	if (fd >= 0) {
		way_go(w, fd, dirmeta_at(w->tree, w->at, name));
		return 0;
	}
	if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		diesys("%s", w->name);
	if (errno != ENOENT && way_link(w, name) == 0)
		return 0;
	if (errno != ENOENT && errno != EINVAL)
		diesys("%s", w->name);
	if (w->how != ENTER_MAKE)
		return -1;
	way_make(w, name, errno == EINVAL);
	return 0;
}

/* Take the next component off the rest. */
static void
way_take(struct way *w, char component[NAME_MAX + 1])
{
	const char *rest = w->rest + w->next;
	size_t n = strcspn(rest, "/");

	if (n > NAME_MAX) {
		errno = ENAMETOOLONG;
		diesys("%.60s...", rest);
	}
	memcpy(component, rest, n);
	component[n] = 0;
	w->next += n + strspn(rest + n, "/");
}

struct name *
resolve(struct tree *t, const char *name, enum enter how, int *fd)
{
	struct way w = {.tree = t, .name = name, .how = how, .fd = -1};
	char component[NAME_MAX + 1];
	int r = 0;

	w.rest = xstrdup(name);
	way_begin(&w);
	while (!r && w.rest[w.next]) {
		way_take(&w, component);
		if (!strcmp(component, ".."))
			way_up(&w);
		else if (*component && strcmp(component, "."))
			r = way_step(&w, component);
	}
	free(w.rest);
	*fd = w.fd;
	if (!r)
		return w.at;
	close(w.fd);
	return NULL;
}
