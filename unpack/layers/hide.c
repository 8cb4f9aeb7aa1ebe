/* SPDX-License-Identifier: ISC */
/* What lower layers have, hidden by whiteouts and opaque directories. */
#include "unpack/layers/hide.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/inside.h"
#include "lib/tarentry.h"
#include "unpack/apply/path.h"
#include "unpack/layers/stack.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/removal.h"
#include "unpack/tree/walk.h"

/* A walk through what the layer has in a directory that hides lower ones. */
struct prune {
	struct walk walk;
	struct stack *stack;
	struct view_node *at;
};

_Noreturn static void
failed(const struct view_node *node)
{
	char path[PATH_MAX];

	name_path(node->name, path);
	diesys("%s", path);
}

/* A whiteout for what is below at name; the layer has nothing there. */
static void
white(struct stack *s, struct view_node *dir, const char *name)
{
	struct view_node *node = view_child(&s->view, dir, name);
	const struct tree_dir *d = stack_dir(s, dir);

	if (mknodat(d->fd, name, S_IFCHR, 0) < 0) {
		if (errno == EPERM || errno == EINVAL)
			die("%s/%s: this file system or kernel has no "
			    "whiteouts (character devices 0:0)",
			    d->dir.path, name);
		failed(node);
	}
	view_changed(&s->view, node);
}

/* Take away what the layer itself has there. */
static void
take_away(struct stack *s, struct view_node *dir, const char *name)
{
	const struct tree_dir *d = stack_dir(s, dir);

	s->tree.outdated = true;
	if (removal(d->fd, name) < 0 && errno != ENOENT)
		failed(view_child(&s->view, dir, name));
	view_changed(&s->view, view_child(&s->view, dir, name));
}

void
hide_all(struct stack *s, struct view_node *dir, const char *name)
{
	struct view_node *node = view_look(&s->view, dir, name);

	if (view_on_top(&s->view, node)) {
		take_away(s, dir, name);
		node = view_look(&s->view, dir, name);
	}
	if (node->kind != VIEW_MISSING)
		white(s, dir, name);
}

void
hide_opaque(struct stack *s, struct view_node *node)
{
	const struct tree_dir *d = stack_dir(s, node);
	int fd = openat(d->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		failed(node);
	if (fsetxattr(fd, s->view.opaque, "y", 1, 0) < 0)
		diesys(
		    "%s: extended attribute %s", d->dir.path, s->view.opaque);
	close(fd);
	view_changed(&s->view, node);
}

/* Whether the layer's own at that name is a directory that is to be entered. */
static bool
prune(struct stack *s, struct view_node *node)
{
	bool hidden = node->added & ADDED_HIDES;
	struct name *known;
	char path[PATH_MAX];

	if (node->kind != VIEW_DIRECTORY)
		return false;
	if (!(node->added & (ADDED_ENTRY | ADDED_ANEW))) {
		name_path(node->name, path);
		known = pathmap_path(&s->tree.directories, path, false);
		s->tree.sink.now = s->sink.now;
		dirmeta_implied(&s->tree, known->parent, known->text);
	}
	node->added |= ADDED_HIDES | ADDED_ANEW;
	return !hidden;
}

static int
prune_each(struct walk *w, int dir, const char *name, int type)
{
	struct prune *p = (struct prune *)w;
	struct stack *s = p->stack;
	struct view_node *node = view_look(&s->view, p->at, name);

	(void)type;
	if (node->added & (ADDED_PASSED | ADDED_ENTRY) && !node->white)
		return prune(s, node);
	s->tree.outdated = true;
	if (removal(dir, name) < 0)
		return -1;
	view_changed(&s->view, node);
	return 0;
}

static int
prune_enter(struct walk *w, const char *name)
{
	struct prune *p = (struct prune *)w;

	p->at = view_look(&p->stack->view, p->at, name);
	return 0;
}

static int
prune_leave(struct walk *w, int dir, const char *name)
{
	struct prune *p = (struct prune *)w;

	(void)dir;
	(void)name;
	p->at = p->at->name->parent->node;
	return 0;
}

/* The directory is to show nothing but what this layer has in it. */
static void
close_up(struct stack *s, struct view_node *node)
{
	struct prune p = {.walk = {.each = prune_each,
			      .enter = prune_enter,
			      .leave = prune_leave},
	    .stack = s};
	char path[PATH_MAX];
	int fd;

	name_path(node->name, path);
	if (view_below(&s->view, node))
		hide_opaque(s, node);
	p.at = view_path(&s->view, path);
	fd = openat(
	    stack_dir(s, p.at)->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || walk_in(&p.walk, fd) < 0)
		failed(node);
	close(fd);
}

static void
hide_child(struct stack *s, struct view_node *dir, const char *name)
{
	struct view_node *node = view_look(&s->view, dir, name);

	if (!(node->added & (ADDED_PASSED | ADDED_ENTRY)))
		hide_all(s, dir, name);
	else if (prune(s, node))
		close_up(s, node);
}

/* The root can't be opaque: each name of each layer is hidden in it. */
static void
hide_root(struct stack *s)
{
	const struct dirent *e;
	DIR *dir;
	int fd;

	for (size_t i = s->view.n; i-- > 0;) {
		fd = openat(
		    s->view.layers[i], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		dir = fd < 0 ? NULL : fdopendir(fd);
		if (!dir)
			diesys("the root of a layer below");
		while ((e = readdir(dir)))
			if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
				hide_child(s, s->view.root, e->d_name);
		closedir(dir);
	}
}

void
hide_below(struct stack *s, struct view_node *dir, const char *name)
{
	struct view_node *node = name ? view_look(&s->view, dir, name) : dir;
	bool hidden = node->added & ADDED_HIDES;

	/* One that was opaque before is hidden by its name all the same. */
	if (name)
		hide_child(s, dir, name);
	node->added |= ADDED_HIDES;
	if (name || hidden)
		return;
	if (dir == s->view.root)
		hide_root(s);
	else
		close_up(s, dir);
}
