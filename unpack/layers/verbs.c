/* SPDX-License-Identifier: ISC */
/* What a layer on top of others does as a sink. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/inside.h"
#include "lib/tarentry.h"
#include "unpack/apply/path.h"
#include "unpack/layers/enter.h"
#include "unpack/layers/hide.h"
#include "unpack/layers/stack.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/make.h"

static void
layer(struct sink *s)
{
	(void)s;
}

static const struct sink_dir *
enter(struct sink *s, const char *path, enum enter how)
{
	return stack_enter((struct stack *)s, path, how);
}

static void
root(struct sink *s, const struct tar_entry *e)
{
	dirmeta_entry(&((struct stack *)s)->tree, NULL, "", e);
}

/* The place in this layer's own tree, for an entry of it. */
static struct view_node *
place_own(struct stack *s, const struct place *p, struct place *own)
{
	struct view_node *node = view_child(&s->view, s->entered.node, p->name);

	own->dir = &stack_dir(s, s->entered.node)->dir;
	own->name = p->name;
	strcpy(own->path, p->path);
	node->added |= ADDED_ENTRY;
	return node;
}

/* What was left out has taken nothing away but this layer's own. */
static void
settle(struct stack *s, struct view_node *node, const struct place *own)
{
	view_changed(&s->view, node);
	if (faccessat(tree_dir(own)->fd, own->name, F_OK, AT_SYMLINK_NOFOLLOW) <
	    0)
		hide_all(s, s->entered.node, own->name);
}

static void
entry(struct sink *sink, const struct place *p, const struct tar_entry *e,
    struct tar_reader *data)
{
	struct stack *s = (struct stack *)sink;
	struct place own;
	struct view_node *node = place_own(s, p, &own);

	switch (e->type) {
	case '0':
		make_file(&s->tree, &own, e, data);
		break;
	case '2':
		make_symlink(&s->tree, &own, e);
		break;
	case '5':
		stack_directory(s, s->entered.node, p->name, e);
		break;
	default:
		make_device(&s->tree, &own, e);
		settle(s, node, &own);
	}
	view_changed(&s->view, node);
}

/* The directory that a target lies in, in the layer that has it; -1: none. */
static int
target_open(struct stack *s, const struct place *target)
{
	const struct view_node *node = view_path(&s->view, target->path);
	int fd;

	if (!node || node->kind == VIEW_MISSING)
		return -1;
	fd = inside_open(s->view.layers[node->layers[0]], target->dir->path,
	    O_PATH | O_DIRECTORY);
	if (fd < 0)
		diesys("%s", target->path);
	return fd;
}

/*
 * A file of a layer below is given one more name, in this layer: as neither is
 * ever written to, that is a copy, and overlay mounts show it as the one file
 * that it is.
 */
static void
hard_link(struct sink *sink, const struct place *p, const struct tar_entry *e,
    const struct place *target)
{
	struct stack *s = (struct stack *)sink;
	struct view_node *n = view_look(&s->view, s->entered.node, p->name);
	struct place own;
	size_t len = strlen(p->path);
	int dir;

	(void)e;
	if (n->kind == VIEW_DIRECTORY && !strcmp(target->path, p->path)) {
		stack_enter(s, target->path, ENTER_MAKE);
		return;
	}
	dir = target_open(s, target);
	place_own(s, p, &own);
	if (!strncmp(target->path, p->path, len) && target->path[len] == '/') {
		errno = ENOENT; /* it goes with the directory */
		diesys("%s: link to %s", p->path, target->path);
	}
	make_link_in(&s->tree, &own, target, dir);
	settle(s, n, &own);
	if (dir >= 0)
		close(dir);
}

static void
whiteout(struct sink *sink, const struct sink_dir *dir, const char *name)
{
	struct stack *s = (struct stack *)sink;

	(void)dir;
	hide_below(s, s->entered.node, name);
}

static void
opaque(struct sink *sink, const struct sink_dir *dir)
{
	whiteout(sink, dir, NULL);
}

static void
discard(struct sink *sink, const struct place *p)
{
	struct stack *s = (struct stack *)sink;

	hide_all(s, s->entered.node, p->name);
}

static void
finish(struct sink *sink)
{
	dirmeta_finish(&((struct stack *)sink)->tree);
}

const struct sink_verbs stack_verbs = {
    layer, enter, root, entry, hard_link, whiteout, opaque, discard, finish};
