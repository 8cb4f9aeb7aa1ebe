/* SPDX-License-Identifier: ISC */
/* Whiteouts: what lower layers have at a name goes, or all but our own. */
#include "unpack/whiteout.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "unpack/directory.h"
#include "unpack/removal.h"
#include "unpack/tree.h"

#define PREFIX ".wh."
#define OPAQUE ".wh..wh..opq"

static const char *
last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool
whiteout_is(const char *path)
{
	const char *last = last_component(path);
	const char *hidden;

	for (const char *p = path; p < last; p = strchr(p, '/') + 1)
		if (!strncmp(p, PREFIX, strlen(PREFIX)))
			die("%s: a directory can't have the name of a whiteout",
			    path);
	if (strncmp(last, PREFIX, strlen(PREFIX)))
		return false;
	hidden = last + strlen(PREFIX);
	if (!*hidden || !strcmp(hidden, ".") || !strcmp(hidden, ".."))
		die("%s: a whiteout that names nothing", path);
	return true;
}

/* Directories, as paths, that are still to be looked through. */
struct todo {
	char **paths;
	size_t n;
};

static void
todo_add(struct todo *todo, const char *path)
{
	todo->paths =
	    xreallocarray(todo->paths, todo->n + 1, sizeof *todo->paths);
	todo->paths[todo->n++] = xstrdup(path);
}

/* What is at name in dir goes; if the layer has it, what is below it. */
static void
prune(struct tree *t, struct todo *todo, int dir, const char *parent,
    const char *name)
{
	char path[PATH_MAX];
	enum added added;

	tree_join(path, parent, name);
	added = tree_added(t, path);
	if (added == ADDED_NOT) {
		if (removal(dir, name) < 0 && errno != ENOENT)
			diesys("%s: can't be removed", path);
		return;
	}
	if (added == ADDED_PASSED) /* a directory that is no longer lower's */
		directory_implied(t, path);
	todo_add(todo, path);
}

static void
prune_children(struct tree *t, struct todo *todo, const char *path)
{
	int fd = tree_open(t, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	struct dirent *e;
	DIR *dir;

	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP || errno == ENOENT))
		return; /* the layer has no directory there */
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		diesys("%s", path);
	while (errno = 0, (e = readdir(dir)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			prune(t, todo, fd, path, e->d_name);
	if (errno)
		diesys("%s", path);
	closedir(dir);
}

void
whiteout_apply(struct tree *t, const char *path)
{
	const char *last = last_component(path);
	struct todo todo = {0};
	const struct tree_dir *dir;
	char parent[PATH_MAX];

	memcpy(parent, path, (size_t)(last - path));
	parent[last > path ? last - path - 1 : 0] = 0;
	dir = t->base ? NULL : tree_enter(t, parent, ENTER_LOOK);
	if (!dir)
		return;
	if (!strcmp(last, OPAQUE))
		todo_add(&todo, dir->path);
	else
		prune(t, &todo, dir->fd, dir->path, last + strlen(PREFIX));
	tree_forget(t);
	while (todo.n) {
		char *next = todo.paths[--todo.n];

		prune_children(t, &todo, next);
		free(next);
	}
	free(todo.paths);
}
