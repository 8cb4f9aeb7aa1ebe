/* SPDX-License-Identifier: ISC */
/* A layer on top of others: its directories, and those it takes over. */
#include "unpack/layers/stack.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/tarentry.h"
#include "unpack/layers/hide.h"
#include "unpack/layers/inherit.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/enter.h"
#include "unpack/tree/make.h"

void
stack_init(struct stack *s, const char *opaque, bool single)
{
	*s = (struct stack){.sink.verbs = &stack_verbs,
	    .tree.single = single,
	    .view.opaque = opaque};
}

/* What was left out of a layer is known to those above it. */
void
stack_layer(struct stack *s, const int *layers, size_t n)
{
	struct pathmap omitted = s->tree.omitted;
	struct inherited from;

	tree_forget(&s->tree);
	pathmap_clear(&s->tree.directories);
	tree_init(&s->tree, layers[n - 1], s->tree.single);
	s->tree.omitted = omitted;
	view_begin(&s->view, layers, n);
	s->sink.layer = n - 1;
	if (n == 1)
		return;
	inherit(&from, &s->tree, layers[n - 2], "");
	dirmeta_entry(&s->tree, NULL, "", &from.entry);
	inherit_free(&from);
}

/* The directory is below, and comes into this layer as it is there. */
static void
take_over(struct stack *s, const struct view_node *node)
{
	struct view_node *dir = node->name->parent->node;
	struct place p = {
	    .dir = &stack_dir(s, dir)->dir, .name = node->name->text};
	int fd = view_open(&s->view, node);
	struct inherited from;

	name_path(node->name, p.path);
	inherit(&from, &s->tree, fd, p.path);
	make_directory(&s->tree, &p, &from.entry);
	inherit_free(&from);
	close(fd);
}

const struct tree_dir *
stack_dir(struct stack *s, struct view_node *node)
{
	char path[PATH_MAX];

	if (!view_on_top(&s->view, node)) {
		take_over(s, node);
		view_changed(&s->view, node);
		view_look(&s->view, node->name->parent->node, node->name->text);
	}
	name_path(node->name, path);
	s->tree.sink.now = s->sink.now;
	return tree_enter(&s->tree, path, ENTER_MAKE);
}

void
stack_directory(struct stack *s, struct view_node *dir, const char *name,
    const struct tar_entry *e)
{
	struct place p = {.dir = &stack_dir(s, dir)->dir, .name = name};
	struct view_node *node = view_look(&s->view, dir, name);
	bool replaces = node->white || (view_on_top(&s->view, node) &&
					   node->kind != VIEW_DIRECTORY);

	name_path(node->name, p.path);
	make_directory(&s->tree, &p, e);
	view_changed(&s->view, node);
	if (replaces && view_below(&s->view, dir))
		hide_opaque(s, view_look(&s->view, dir, name));
}
