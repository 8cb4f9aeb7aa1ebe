/* SPDX-License-Identifier: ISC */
/* Directories of a stack of layers by name. */
#include "unpack/layers/enter.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/tarentry.h"
#include "unpack/apply/attributes.h"
#include "unpack/apply/path.h"
#include "unpack/apply/resolve.h"
#include "unpack/layers/stack.h"

struct stack_way {
	struct way way;
	struct stack *stack;
	struct view_node *at; /* so far */
};

static void
top(struct way *way)
{
	struct stack_way *w = (struct stack_way *)way;

	w->at = w->stack->view.root;
}

static void
up(struct way *way)
{
	struct stack_way *w = (struct stack_way *)way;

	if (w->at->name->parent)
		w->at = w->at->name->parent->node;
}

static enum step
link_read(const struct stack_way *w, const struct view_node *node,
    char target[PATH_MAX])
{
	int fd = view_open(&w->stack->view, node);
	ssize_t n = readlinkat(fd, "", target, PATH_MAX - 1);

	if (n < 0)
		diesys("%s", w->way.name);
	target[n] = 0;
	close(fd);
	return STEP_LINK;
}

static enum step
down(struct way *way, const char *name, char target[PATH_MAX])
{
	struct stack_way *w = (struct stack_way *)way;
	struct view_node *node = view_look(&w->stack->view, w->at, name);

	switch (node->kind) {
	case VIEW_DIRECTORY:
		w->at = node;
		return STEP_DOWN;
	case VIEW_LINK:
		return link_read(w, node, target);
	case VIEW_MISSING:
		return STEP_MISSING;
	default:
		return STEP_OTHER;
	}
}

/* What is missing, or what a lower layer has as something else. */
static void
make(struct way *way, const char *name, bool exists)
{
	struct stack_way *w = (struct stack_way *)way;
	struct stack *s = w->stack;
	struct tar_entry e = attributes_implied(s->sink.now);
	struct view_node *node = view_look(&s->view, w->at, name);
	char path[PATH_MAX];

	if (exists &&
	    (!s->sink.layer || node->added & (ADDED_PASSED | ADDED_ENTRY))) {
		name_path(node->name, path);
		die("%s: %s is not a directory", way->name, path);
	}
	stack_directory(s, w->at, name, &e);
	w->at = view_look(&s->view, w->at, name);
	w->at->added |= ADDED_ANEW;
}

/* The layer has something in this directory: it and those above stay. */
static void
keep(struct view_node *node)
{
	for (struct name *n = node->name; n; n = n->parent) {
		if (n->node->added & (ADDED_PASSED | ADDED_ENTRY))
			break;
		n->node->added |= ADDED_PASSED;
	}
}

const struct sink_dir *
stack_enter(struct stack *s, const char *path, enum enter how)
{
	static const struct way_steps steps = {top, up, down, make};
	struct stack_way w = {
	    .way = {.steps = &steps, .name = path}, .stack = s};

	if (!resolve(&w.way, how))
		return NULL;
	if (how == ENTER_MAKE) {
		keep(w.at);
		stack_dir(s, w.at);
	}
	s->entered.node = w.at;
	name_path(w.at->name, s->entered.path);
	s->entered.dir.path = s->entered.path;
	return &s->entered.dir;
}
