/* SPDX-License-Identifier: ISC */
/* What layers make of a tree, by the rules alone. */
#include "t/fuzz/model.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "t/fuzz/node.h"

#define LINKS_MAX 40

struct tree {
	struct node root;
	unsigned layer;
	int links;
	bool followed; /* a link, in this layer */
	bool refused;
};

/* A component of the rest, or false at its end. */
static bool
component(const char **rest, char name[OP_PATH])
{
	size_t n;

	*rest += strspn(*rest, "/");
	n = strcspn(*rest, "/");
	memcpy(name, *rest, n);
	name[n] = '\0';
	*rest += n;
	return n;
}

/* What stands in the way of a directory: it is replaced, if a lower one's. */
static struct node *
directory_make(struct tree *t, struct node *dir, const char *name)
{
	struct node *n = node_child(dir, name);

	if (n && (!t->layer || n->layer == t->layer)) {
		t->refused = true;
		return NULL;
	}
	if (n)
		node_remove(n);
	return node_add(dir, name, inode_new('d', t->layer, 0), t->layer);
}

/* The directory of a path; NULL: there is none, or it can't be made. */
static struct node *
enter(struct tree *t, struct node *at, const char *path, bool make)
{
	char name[OP_PATH];
	struct node *n;

	while (at && component(&path, name)) {
		if (!strcmp(name, "."))
			continue;
		if (!strcmp(name, "..")) {
			at = at->parent ? at->parent : at;
			continue;
		}
		n = node_child(at, name);
		if (n && n->inode->type == 's') {
			t->followed = true;
			t->refused |= ++t->links > LINKS_MAX;
			at = t->refused
				 ? NULL
				 : enter(t,
				       *n->inode->target == '/' ? &t->root : at,
				       n->inode->target, make);
		} else if (n && n->inode->type == 'd') {
			at = n;
		} else {
			at = make ? directory_make(t, at, name) : NULL;
		}
	}
	return at;
}

/* Split a path without "." and the like; false: it has "..". */
static bool
split(const char *path, char dir[OP_PATH], char last[OP_PATH])
{
	char name[OP_PATH];

	*dir = *last = '\0';
	while (component(&path, name)) {
		if (!strcmp(name, ".."))
			return false;
		if (!strcmp(name, "."))
			continue;
		if (*last) {
			strcat(dir, "/");
			strcat(dir, last);
		}
		strcpy(last, name);
	}
	return true;
}

static struct node *
start(struct tree *t, const char *path, bool make)
{
	t->links = 0;
	return enter(t, &t->root, path, make);
}

/* A whiteout or an opaque directory, of what is there before the layer. */
static void
hide(struct tree *t, const struct op *op)
{
	const char *slash = strrchr(op->path, '/');
	const char *name = slash ? slash + 1 : op->path;
	char dir[OP_PATH], last[OP_PATH], up[OP_PATH];
	struct node *at, *n;

	snprintf(up, sizeof up, "%.*s", (int)(name - op->path), op->path);
	if (op->what == 'w' &&
	    (!*name || !strcmp(name, ".") || !strcmp(name, "..")))
		t->refused = true;
	if (!split(op->what == 'w' ? up : op->path, dir, last))
		t->refused = true;
	if (t->refused || !t->layer)
		return;
	at = start(t, op->what == 'w' ? up : op->path, false);
	while (at && op->what == 'o' && at->inode->children) {
		t->followed |= node_has_link(at->inode->children);
		node_remove(at->inode->children);
	}
	if (!at || op->what == 'o')
		return;
	n = node_child(at, name);
	if (n) {
		t->followed |= node_has_link(n);
		node_remove(n);
	}
}

static void
link_add(struct tree *t, const struct op *op, const char *dir, const char *name)
{
	char to[OP_PATH], last[OP_PATH], where[PATH_MAX];
	struct node *at, *n, *target;
	struct inode *i = NULL;

	if (!split(op->target, to, last) || !*last ||
	    !(target = start(t, to, false))) {
		t->refused = true;
		return;
	}
	node_path(target, where);
	at = start(t, dir, true);
	/* To make that directory may have taken the target away. */
	target = at ? start(t, where, false) : NULL;
	n = target ? node_child(target, last) : NULL;
	i = n ? n->inode : NULL;
	if (!i) {
		t->refused = true;
		return;
	}
	t->followed |= i->type == 's'; /* it is a new one here */
	n = node_child(at, name);
	if (n && n->inode == i) { /* a link to itself is nothing */
		n->layer = t->layer;
		return;
	}
	t->refused |= i->type == 'd';
	if (n)
		node_remove(n);
	target = start(t, where, false);
	t->refused |= !target || !node_child(target, last);
	if (!t->refused)
		node_add(at, name, i, t->layer);
}

static void
add(struct tree *t, const struct op *op)
{
	char dir[OP_PATH], name[OP_PATH];
	struct node *at, *n;
	struct inode *i;

	if (!split(op->path, dir, name) ||
	    (!*name && (!*op->path || op->what != 'd')) ||
	    (op->what == 's' && !*op->target)) {
		t->refused = true;
		return;
	}
	if (!*name) {
		t->root.inode->mode = op_mode(op->entry);
		return;
	}
	if (op->what == 'h') {
		link_add(t, op, dir, name);
		return;
	}
	at = start(t, dir, true);
	if (!at)
		return;
	n = node_child(at, name);
	if (!n || n->inode->type != 'd' || op->what != 'd') {
		if (n)
			node_remove(n);
		i = inode_new(op->what, op->layer, op->entry);
		i->target = op->target;
		n = node_add(at, name, i, t->layer);
	}
	n->layer = t->layer;
	if (op->what == 'd')
		n->inode->mode = op_mode(op->entry);
}

/* False when what follows can't be told. */
static bool
layer_add(struct tree *t, const struct op *ops, size_t n)
{
	bool whiteouts = false, links = false;

	t->followed = false;
	for (size_t i = 0; i < n; i++) {
		if (ops[i].layer != t->layer)
			continue;
		links |= ops[i].what == 's';
		if (strchr("wo", ops[i].what)) {
			whiteouts |= t->layer;
			hide(t, &ops[i]);
		}
	}
	for (size_t i = 0; i < n && !t->refused; i++)
		if (ops[i].layer == t->layer && !strchr("wo", ops[i].what))
			add(t, &ops[i]);
	return !whiteouts || !(links || t->followed || t->refused);
}

enum model
model_list(
    const struct op *ops, size_t n, size_t layers, struct listing *listing)
{
	struct tree t = {.root.inode = inode_new('d', 0, 0)};

	for (; t.layer < layers; t.layer++) {
		if (!layer_add(&t, ops, n))
			return MODEL_UNSURE;
		if (t.refused)
			return MODEL_REFUSES;
	}
	node_list(&t.root, listing);
	return MODEL_HOLDS;
}
