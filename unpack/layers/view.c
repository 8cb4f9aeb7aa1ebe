/* SPDX-License-Identifier: ISC */
/* What layers show that lie on top of each other. */
#include "unpack/layers/view.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/inside.h"
#include "lib/mem.h"
#include "unpack/apply/path.h"

#define NAMES_MAX (1UL << 30) /* bytes of all names and nodes */

static struct view_node *
node_of(struct view *v, struct name *name)
{
	if (!name->node) {
		name->node = pathmap_memory(&v->names, sizeof *name->node);
		name->node->name = name;
	}
	return name->node;
}

static void
found_keep(struct view *v, struct view_node *node)
{
	size_t size = node->n * sizeof *node->layers;

	if (node->n > node->room) {
		node->layers = pathmap_memory(&v->names, size);
		node->room = node->n;
	}
	if (size)
		memcpy(node->layers, v->found, size);
}

void
view_begin(struct view *v, const int *layers, size_t n)
{
	pathmap_clear(&v->names);
	v->names.max = NAMES_MAX;
	v->layers = layers;
	v->n = n;
	v->now = 1;
	v->root = node_of(v, pathmap_root(&v->names));
	v->root->seen = v->root->since = v->now;
	v->root->kind = VIEW_DIRECTORY;
	v->root->n = n;
	v->found = xreallocarray(v->found, n, sizeof *v->found);
	for (size_t i = 0; i < n; i++)
		v->found[i] = (layer_index)(n - 1 - i);
	found_keep(v, v->root);
}

struct view_node *
view_child(struct view *v, const struct view_node *dir, const char *name)
{
	struct view_node *node =
	    node_of(v, pathmap_child(&v->names, dir->name, name, true));

	if (node->seen < dir->since) {
		node->seen = 0;
		node->since = ++v->now;
	}
	return node;
}

/* What is at a path in a layer, O_PATH, or -1 when nothing is. */
static int
layer_open(const struct view *v, layer_index layer, const char *path)
{
	int fd = inside_open(v->layers[layer], path, O_PATH | O_NOFOLLOW);

	if (fd < 0 && errno != ENOENT && errno != ENAMETOOLONG)
		diesys("%s, in a layer below", path);
	return fd;
}

static bool
is_opaque(const struct view *v, int fd, const char *path)
{
	char proc[32], value[1];
	ssize_t n;

	snprintf(proc, sizeof proc, "/proc/self/fd/%d", fd);
	n = getxattr(proc, v->opaque, value, sizeof value);
	if (n < 0 && errno != ENODATA && errno != ENOTSUP && errno != ERANGE)
		diesys("%s: extended attribute %s", path, v->opaque);
	return n == 1 && *value == 'y';
}

/* One more layer has it: whether those below count, too. */
static bool
node_add(struct view *v, struct view_node *node, layer_index layer, int fd,
    const char *path)
{
	enum view_kind kind;
	struct stat st;

	if (fstat(fd, &st) < 0)
		diesys("%s, in a layer below", path);
	kind = S_ISDIR(st.st_mode)   ? VIEW_DIRECTORY
	       : S_ISLNK(st.st_mode) ? VIEW_LINK
				     : VIEW_OTHER;
	if (S_ISCHR(st.st_mode) && !st.st_rdev) {
		node->white = !node->n && layer == v->n - 1;
		return false;
	}
	if (node->n && kind != VIEW_DIRECTORY)
		return false;
	node->kind = kind;
	v->found[node->n++] = layer;
	return kind == VIEW_DIRECTORY && !is_opaque(v, fd, path);
}

struct view_node *
view_look(struct view *v, const struct view_node *dir, const char *name)
{
	struct view_node *node = view_child(v, dir, name);
	char path[PATH_MAX];
	bool more = true;
	int fd;

	if (node->seen)
		return node;
	name_path(node->name, path);
	node->seen = v->now;
	node->kind = VIEW_MISSING;
	node->white = false;
	node->n = 0;
	for (size_t i = 0; more && i < dir->n; i++) {
		fd = layer_open(v, dir->layers[i], path);
		if (fd < 0)
			continue;
		more = node_add(v, node, dir->layers[i], fd, path);
		close(fd);
	}
	found_keep(v, node);
	return node;
}

struct view_node *
view_path(struct view *v, const char *path)
{
	struct view_node *node = v->root;
	char name[NAME_MAX + 1];

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n > NAME_MAX || node->kind != VIEW_DIRECTORY)
			return NULL;
		memcpy(name, path, n);
		name[n] = 0;
		node = view_look(v, node, name);
		path += n + (path[n] == '/');
	}
	return node;
}

void
view_changed(struct view *v, struct view_node *node)
{
	node->since = ++v->now;
	if (node != v->root)
		node->seen = 0;
}

bool
view_on_top(const struct view *v, const struct view_node *node)
{
	return node->n && node->layers[0] == v->n - 1;
}

bool
view_below(const struct view *v, const struct view_node *node)
{
	return node->n > view_on_top(v, node);
}

int
view_open(const struct view *v, const struct view_node *node)
{
	char path[PATH_MAX];
	int fd;

	name_path(node->name, path);
	fd = layer_open(v, node->layers[0], path);
	if (fd < 0)
		diesys("%s, in a layer below", path);
	return fd;
}
